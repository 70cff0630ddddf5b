"""What a call-centre operator does about an account that sees a person, for a reason that stays in the audit trail."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts import services as accounts
from accounts.models import User
from activation.queries import finished_for
from activation.rules import WrongMoment
from activation.services.operate import audit_act
from notices import services as notices
from policies.models import Access, Person
from policies.queries import brand_of
from policies.services import access, family


@transaction.atomic
def end_sessions(*, user: User, person: Person, by: Any, reason: str) -> None:
    """Everywhere, whichever insurer's page is open there: the account is one."""
    _seen_by(user, person)
    ended = accounts.end_sessions(user=user)
    audit_act(
        gettext_noop("signed the account out on every device"), person, by=by, reason=reason,
        account=str(user.public_id), sessions=ended,
    )  # fmt: skip


@transaction.atomic
def end_access(*, user: User, person: Person, by: Any, reason: str, now: datetime) -> None:
    """Of an account that was given the person otherwise than by an activation; it is signed out and written to.

    Raise WrongMoment where the account sees nobody any more, or has activated a policy: that is undone instead.
    """
    _seen_by(user, person)
    if finished_for(user, person):
        raise WrongMoment("an activation is undone, for without its access nobody could activate the policy again")
    access.end_access(user=user, person=person, by=by, reason=reason, now=now)
    family.end_given_by(user=user, person=person, by=by, reason=reason, now=now)
    accounts.end_sessions(user=user)
    brand = brand_of(person.insurer, user.language)
    for channel, to in (("email", user.email), ("sms", str(user.phone))):
        if to:
            notices.post(
                "access_ended", to=to, channel=channel, language=user.language, scope=person.insurer.slug,
                context={"insured": person.short_name, "phone": brand["phone"], "brand": brand},
            )  # fmt: skip


# ── A lost second step: two colleagues (accounts.services.factor) ────────────
@transaction.atomic
def ask_to_lift_factor(*, user: User, person: Person, by: Any, reason: str, now: datetime) -> None:
    """Raise WrongMoment where there is nothing to lift, or where somebody was faster."""
    _seen_by(user, person)
    try:
        accounts.ask_to_lift_factor(user=user, by=by, reason=reason, scope=person.insurer.slug, now=now)
    except accounts.NothingToLift as error:
        raise WrongMoment("no second step, or its day runs already") from error


@transaction.atomic
def confirm_lifting(*, user: User, person: Person, by: Any, reason: str, now: datetime) -> None:
    """Raise accounts.NeedsColleague for whoever asked, WrongMoment where somebody was faster."""
    _seen_by(user, person)
    brand = brand_of(person.insurer, user.language)
    try:
        accounts.confirm_lifting(user=user, by=by, reason=reason, scope=person.insurer.slug, brand=brand, now=now)
    except accounts.NothingToLift as error:
        raise WrongMoment("nobody asked, or it is confirmed already") from error


def _seen_by(user: User, person: Person) -> None:
    """One act at a time on one access; none on an account that has lost the person, or that is a colleague's."""
    held = Access.objects.select_for_update().filter(user=user, person=person, until=None).first()
    if user.is_staff or held is None:
        raise WrongMoment("this account does not see the person any more")
