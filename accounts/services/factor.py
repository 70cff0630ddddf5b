"""A lost second step is lifted by two colleagues and a day in which its owner can stop it (6.4.3, 6.4.4)."""

import secrets
from collections.abc import Callable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import rules
from accounts.models import FactorLoss, User
from accounts.queries import factor_loss_of, has_second_step
from accounts.rules import hash_of
from accounts.services.accounts import end_sessions
from accounts.services.telling import tell
from core import audit
from core.links import public_url

State = FactorLoss.State


class NothingToLift(Exception):
    """The account has no second step, or is a colleague's, or something is under way already, or no longer."""


class NeedsColleague(Exception):
    """Whoever asked cannot confirm."""


@transaction.atomic
def ask_to_lift_factor(*, user: User, by: User, reason: str, scope: str, now: datetime) -> FactorLoss:
    """Nothing changes and nobody is told before a second colleague confirms. Raises NothingToLift."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_staff or not has_second_step(user) or factor_loss_of(user):
        raise NothingToLift
    loss = FactorLoss.objects.create(user=user, asked_by=by, asked_at=now)
    audit.record(gettext_noop("asked to lift the second step"), on=user, by=by, scope=scope, reason=reason)
    return loss


@transaction.atomic
def confirm_lifting(
    *, user: User, by: User, reason: str, scope: str, brand: dict[str, str], now: datetime
) -> FactorLoss:
    """The day begins, and the owner reads of it. Raises NeedsColleague, NothingToLift."""
    loss = FactorLoss.objects.select_for_update().filter(user=user, state=State.ASKED).first()
    if loss is None:
        raise NothingToLift
    if loss.asked_by_id == by.pk:
        raise NeedsColleague
    key = secrets.token_urlsafe(16)  # short, for an SMS
    loss.state, loss.confirmed_by, loss.key_hash = State.WAITING, by, hash_of(key)
    loss.takes_effect_at = now + rules.HOLD
    loss.save(update_fields=["state", "confirmed_by", "key_hash", "takes_effect_at"])
    audit.record(gettext_noop("confirmed lifting the second step"), on=user, by=by, scope=scope, reason=reason)
    when, url = timezone.localtime(loss.takes_effect_at).isoformat(), public_url("accounts:stop_lifting", key)
    tell(user, "factor_loss", brand=brand, when=when, url=url)
    return loss


@transaction.atomic
def stop_lifting_by_link(*, key: str) -> bool:
    """The owner has it after all, or never said otherwise. False: nothing waits under this link."""
    waiting = FactorLoss.objects.filter(key_hash=hash_of(key), state=State.WAITING)
    loss = waiting.select_related("user").first()
    if loss is None or not waiting.update(state=State.STOPPED):  # of «stop» and «lift» at once one happens
        return False
    audit.record(gettext_noop("stopped lifting the second step"), on=loss.user, by=loss.user)
    return True


def lift_due_factors(*, brand_for: Callable[[User], dict[str, str]], now: datetime) -> int:
    """What nobody stopped within the day. How many."""
    due = FactorLoss.objects.filter(state=State.WAITING, takes_effect_at__lte=now)
    return sum(_lift(loss, brand_for, now) for loss in due.select_related("user").order_by("pk"))


@transaction.atomic
def _lift(loss: FactorLoss, brand_for: Callable[[User], dict[str, str]], now: datetime) -> bool:
    """Every authenticator goes, and whoever is signed in signs in again."""
    if not FactorLoss.objects.filter(pk=loss.pk, state=State.WAITING).update(state=State.DONE):
        return False
    user = loss.user
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user=user)
    audit.record(gettext_noop("lifted the second step"), on=user, by=None)
    when = timezone.localtime(now).isoformat()
    tell(user, "account_changed", brand=brand_for(user), change="second step lifted", when=when)
    return True
