"""The notice of an event, by somebody in the cabinet: one form, and it is registered."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.queries import account_of
from claims.forms.notice import NoticeForm
from claims.models import Claim
from claims.queries.cases import own_person, policies_to_claim_by
from claims.rules.people import ClaimantRole
from claims.services.notice import Claimant, TooMany, give_notice
from core.form_tokens import sent_once
from policies.middleware import serve_for
from policies.models import Person

TOO_MANY = _("So many notices in one day: call us, and we will take the next one by telephone")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sent_once
def notice(request: HttpRequest) -> HttpResponse:
    user = account_of(request)
    policies = policies_to_claim_by(user, now=timezone.now())
    if user is None or not policies:
        return redirect("claims:home")
    serve_for(request, policies[0].insurer)
    form = NoticeForm(request.POST or None, policies=policies)
    if form.is_valid() and (claim := registered(form, user)):
        return redirect(claim)
    return render(request, "claims/notice.html", {"form": form})


def registered(form: NoticeForm, user: User) -> Claim | None:
    """None: the form says why not."""
    policy = form.chosen
    try:
        return give_notice(
            policy=policy, told=form.told, claimant=claimant_of(user, policy.insured), by=user, now=timezone.now()
        )
    except TooMany:
        form.add_error(None, TOO_MANY)
        return None


def claimant_of(user: User, person: Person) -> Claimant:
    """Oneself, or for somebody close. What the account proved is where letters go."""
    me = own_person(user, insurer=person.insurer)
    return Claimant(
        role=ClaimantRole.INSURED if me == person else ClaimantRole.REPRESENTATIVE,
        name=me.full_name if me else user.login, phone=str(user.phone or ""), email=user.email,
        language=get_language() or user.language,
    )  # fmt: skip
