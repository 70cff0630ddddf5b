"""Step 2: an account for whom has none, one question for whom is signed in."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import services as accounts
from accounts.queries import account_of
from activation.forms import STEP_2, KindForm
from activation.rules import OPEN_STATES
from activation.services import finish
from activation.services.begin import AlreadyActive, NeedsOwnEmail, NotOpenYet, begin_activation
from activation.views.passage import Passage, begun_in, forget, number_of, passage_of, remember_begun
from activation.views.start import owed_first, product_at_door
from policies.models import ProductVersion
from policies.queries import consent_texts, is_another_person, offers_at_door
from policies.rules import Door

NEEDS_OWN_EMAIL = gettext_lazy(
    "This e-mail opens another programme of the same insurer. This programme needs an e-mail of its own: "
    "activate it with another address, signed out"
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, code: str) -> HttpResponse:
    product = product_at_door(request, code)
    passage = passage_of(request, product)
    if not passage:
        return back(request, code)
    if not passage.proof:
        return redirect("activation:proof", code)
    enter = attach if account_of(request) else open_with_number if product.terms.door == Door.MOBILE else begin
    try:
        return enter(request, product, passage)
    except NotOpenYet:
        return redirect("activation:waiting", code)
    except AlreadyActive:
        return forget(redirect("activation:start", code))


def back(request: HttpRequest, code: str) -> HttpResponse:
    """No passage: the letter was sent a moment ago, the step took too long, or it was opened by its address."""
    begun = begun_in(request)
    if begun and begun.state in OPEN_STATES:
        return redirect("activation:letter")
    messages.warning(request, _("Begin again: this step stays open for 15 minutes"))
    return redirect("activation:start", code)


def begin(request: HttpRequest, product: ProductVersion, passage: Passage) -> HttpResponse:
    form = form_for(request, product, passage)
    if form.is_valid():
        try:
            activation = begin_activation(
                claimed=passage.claimed, email=form.cleaned_data["email"], password=form.cleaned_data.get("password"),
                kind=form.cleaned_data["kind"], texts=form.texts, language=translation.get_language() or "ru",
                now=timezone.now(),
            )  # fmt: skip
            return remember_begun(redirect("activation:letter"), activation)
        except NeedsOwnEmail:
            form.add_error("email", NEEDS_OWN_EMAIL)
    return show(request, "activation/account.html", product, passage, form)


def open_with_number(request: HttpRequest, product: ProductVersion, passage: Passage) -> HttpResponse:
    """The number is proved in this browser, so nothing is waited for."""
    if owed_first(request, product):
        return back(request, product.product.code)
    form = form_for(request, product, passage)
    if form.is_valid():
        try:
            activation = finish.open_with_number(
                claimed=passage.claimed, phone=number_of(request), texts=form.texts, kind=form.cleaned_data["kind"],
                language=translation.get_language() or "ru", now=timezone.now(),
            )  # fmt: skip
            return go_in(request, activation.user)
        except accounts.NumberTaken:
            messages.info(request, _("This number opens a cabinet already. Sign in, and the policy is added there"))
            query = urlencode({"next": reverse("activation:account", args=[product.product.code])})
            return redirect(f"{reverse('accounts:sign_in_sms')}?{query}")
    return show(request, "activation/open.html", product, passage, form)


def go_in(request: HttpRequest, user: Any) -> HttpResponse:
    response = accounts.sign_in(request, user=user, method="code", then=reverse("home"), proves_contact=True)
    messages.success(request, _("The policy is activated. An SMS brings your login and the link to choose a password"))
    return forget(response)


def form_for(request: HttpRequest, product: ProductVersion, passage: Passage) -> KindForm:
    """Step 2 for whom has no account here."""
    policy = passage.policy
    texts = consent_texts(policy.insurer, passage.consents)
    today = policy.insurer.today(timezone.now())
    return STEP_2[product.terms.credentials](request.POST or None, policy=policy, today=today, texts=texts)


def show(
    request: HttpRequest, template: str, product: ProductVersion, passage: Passage, form: KindForm
) -> HttpResponse:
    offers = offers_at_door(product, policy=passage.policy, now=timezone.now())
    context = {"product": product, "policy": passage.policy, "form": form, "offers": offers}
    return render(request, template, context)


def attach(request: HttpRequest, product: ProductVersion, passage: Passage) -> HttpResponse:
    policy = passage.policy
    form = KindForm(
        request.POST or None, policy=policy, today=policy.insurer.today(timezone.now()),
        is_somebody_else=is_another_person(request.user, policy.insured),
        texts=consent_texts(policy.insurer, passage.consents),
    )  # fmt: skip
    if form.is_valid():
        try:
            finish.attach_policy(
                claimed=passage.claimed, kind=form.cleaned_data["kind"], user=account_of(request),
                texts=form.texts, language=translation.get_language() or "ru", now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("The policy is activated and is in your cabinet"))
            # The passage lives out its minutes: sent again, its nonce finds the same activation.
            return redirect("home")
        except NeedsOwnEmail:
            form.add_error(None, NEEDS_OWN_EMAIL)
    return show(request, "activation/attach.html", product, passage, form)
