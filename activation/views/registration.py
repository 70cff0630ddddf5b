"""Registering at an insurer whose policies are added by their number, and saying who one is (SGZ-13, SGZ-14)."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import services as accounts
from accounts.queries import account_of, address_of
from activation.forms import DeclarationForm, RegistrationForm
from activation.models import PersonalLetter
from activation.queries import Known, known_to
from activation.queries.mailings import letter_of_link
from activation.services.declare import LetterOnItsWay, TooManyRegistrations, declare, register
from activation.views.passage import consents_owed
from activation.views.start import product_at_door
from core.form_tokens import sent_once
from policies.models import ConsentText, ProductVersion
from policies.queries import consent_texts

TOO_MANY = _("Too many registrations from your network. Try again in an hour, or call us")
ON_ITS_WAY = _("A letter has gone to this address a moment ago, or five times today. Open it, or try again later")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def registration(request: HttpRequest, code: str) -> HttpResponse:
    """The same page and the same letterbox whether the address opens a cabinet already or not (adr/0004)."""
    product = product_of_members(request, code)
    if account_of(request):
        return redirect("activation:number", code)
    texts = consent_texts(product.product.insurer, product.terms.consents)
    letter = letter_behind(request)
    form = RegistrationForm(request.POST or None, texts=texts, initial=what_it_shows(letter) if letter else None)
    if form.is_valid() and (answer := registered(request, product, form)):
        return answer
    return render(request, "activation/registration/form.html", {"product": product, "form": form})


def registered(request: HttpRequest, product: ProductVersion, form: RegistrationForm) -> HttpResponse | None:
    """None: the form says why not. Signing in ends here at the letter, which leads on."""
    typed = form.cleaned_data
    try:
        user = register(
            email=typed["email"], password=typed["password"], pin=typed["pin"], insurer=product.product.insurer,
            declared=form.declared, passport=form.passport, texts=form.texts, language=get_language() or "ru",
            source=address_of(request), now=timezone.now(),
        )  # fmt: skip
    except TooManyRegistrations:
        form.add_error(None, TOO_MANY)
    except LetterOnItsWay:
        form.add_error("email", ON_ITS_WAY)
    else:
        then = f"{reverse('accounts:device')}?{urlencode({'next': where_a_policy_is_added(request, product)})}"
        return accounts.sign_in(request, user=user, method="password", then=then)
    return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sent_once
def declaration(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody who came through another door says once who they are; what was declared is corrected here."""
    product = product_of_members(request, code)
    user = account_of(request)
    known = known_to(product.product.insurer, user) if user else None
    declared = known.declared if known else None
    form = DeclarationForm(request.POST or None, texts=texts_owed(request, product), declared=declared)
    if form.is_valid() and user:
        declare(
            user=user, insurer=product.product.insurer, declared=form.declared, passport=form.passport,
            texts=form.texts, language=get_language() or "ru", now=timezone.now(),
        )  # fmt: skip
        return redirect(where_a_policy_is_added(request, product))
    context = {"product": product, "form": form, "is_known": known is not None}
    return render(request, "activation/registration/declaration.html", context)


# ── With a personal link ─────────────────────────────────────────────────────
INVITED = "invited"  # in the query: the token of the link that led here, and back to it


def letter_behind(request: HttpRequest) -> PersonalLetter | None:
    token = request.GET.get(INVITED)
    return letter_of_link(token, now=timezone.now()) if token else None


def what_it_shows(letter: PersonalLetter) -> dict[str, str]:
    """For the form, no more than the link's own page has shown: whoever it was passed on to learns nothing."""
    return {"given_name": letter.policy.insured.given_name}


def where_a_policy_is_added(request: HttpRequest, product: ProductVersion) -> str:
    if letter_behind(request):
        return reverse("activation:invited", args=[request.GET[INVITED]])
    return reverse("activation:number", args=[product.product.code])


# ── What is owed ─────────────────────────────────────────────────────────────
def who_it_is(request: HttpRequest, product: ProductVersion) -> Known | None:
    """To the insurer. None: nobody yet, or a consent is owed; the declaration comes first."""
    user = account_of(request)
    return known_to(product.product.insurer, user) if user and not texts_owed(request, product) else None


def texts_owed(request: HttpRequest, product: ProductVersion) -> list[ConsentText]:
    """Those that the programme asks for, unless all of them stand."""
    return consent_texts(product.product.insurer, consents_owed(request, product))


def product_of_members(request: HttpRequest, code: str) -> ProductVersion:
    """404 for a programme at whose door nobody registers."""
    product = product_at_door(request, code)
    if not product.terms.door.needs_account:
        raise Http404
    return product
