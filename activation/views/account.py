"""Step 2: an account for whom has none, one question for whom is signed in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.queries import account_of
from activation.forms import STEP_2, KindForm
from activation.rules import OPEN_STATES
from activation.services.begin import AlreadyActive, NeedsOwnEmail, begin_activation
from activation.services.finish import attach_policy
from activation.views.passage import Passage, begun_in, forget, passage_of, remember_begun
from activation.views.start import product_at_door
from policies.models import ProductVersion
from policies.queries import is_another_person

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
    try:
        return attach(request, product, passage) if account_of(request) else begin(request, product, passage)
    except AlreadyActive:
        return forget(redirect("activation:start", code))


def back(request: HttpRequest, code: str) -> HttpResponse:
    """No passage: the letter was sent a moment ago, the step took too long, or it was opened by its address."""
    begun = begun_in(request)
    if begun and begun.state in OPEN_STATES:
        return redirect("activation:letter")
    messages.warning(request, _("Begin with the ID and the birth date: this step stays open for 15 minutes"))
    return redirect("activation:start", code)


def begin(request: HttpRequest, product: ProductVersion, passage: Passage) -> HttpResponse:
    today = passage.policy.insurer.today(timezone.now())
    form = STEP_2[product.terms.credentials](request.POST or None, policy=passage.policy, today=today)
    if form.is_valid():
        try:
            activation = begin_activation(
                claimed=passage.claimed, email=form.cleaned_data["email"], password=form.cleaned_data.get("password"),
                kind=form.cleaned_data["kind"], language=translation.get_language() or "ru", now=timezone.now(),
            )  # fmt: skip
            return remember_begun(redirect("activation:letter"), activation)
        except NeedsOwnEmail:
            form.add_error("email", NEEDS_OWN_EMAIL)
    context = {"product": product, "policy": passage.policy, "form": form}
    return render(request, "activation/account.html", context)


def attach(request: HttpRequest, product: ProductVersion, passage: Passage) -> HttpResponse:
    today = passage.policy.insurer.today(timezone.now())
    insured = passage.policy.insured
    is_somebody_else = is_another_person(request.user, insured)
    form = KindForm(request.POST or None, insured=insured, today=today, is_somebody_else=is_somebody_else)
    if form.is_valid():
        try:
            attach_policy(
                claimed=passage.claimed, kind=form.cleaned_data["kind"], user=account_of(request),
                language=translation.get_language() or "ru", now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("The policy is activated and is in your cabinet"))
            # The passage lives out its minutes: sent again, its nonce finds the same activation.
            return redirect("home")
        except NeedsOwnEmail:
            form.add_error(None, NEEDS_OWN_EMAIL)
    context = {"product": product, "policy": passage.policy, "form": form}
    return render(request, "activation/attach.html", context)
