"""The account's mobile number: the first one counts at once, the next a day later, so that its owner can stop it."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import rules
from accounts.models import NumberChange, User
from accounts.queries import is_confirmed
from accounts.rules import hash_of
from accounts.services.accounts import NumberTaken
from accounts.services.telling import tell
from core import audit
from core.links import public_url
from core.phones import mask_phone

Brand = dict[str, str]


@transaction.atomic
def set_mobile(*, user: User, phone: str, brand: Brand, now: datetime) -> NumberChange | None:
    """A code has proved `phone`. None: it counts from now on; else the change that waits, while the old one counts.

    Raises NumberTaken.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.phone == phone:
        return None
    if User.objects.filter(phone=phone).exists():
        raise NumberTaken
    if user.phone:
        return _hold(user, phone, brand, now)
    if not _write(user, phone, now):
        raise NumberTaken
    audit.record(gettext_noop("confirmed a mobile number"), on=user, by=user)
    tell(user, "account_changed", brand=brand, phone="", change="phone added", when=_told_at(now))
    return None


@transaction.atomic
def withdraw_mobile(*, user: User, brand: Brand, now: datetime) -> NumberChange | None:
    """The account shall have no number a day from now. None: it has none, or no proved address to sign in with."""
    user = User.objects.select_for_update().get(pk=user.pk)
    return _hold(user, "", brand, now) if user.phone and is_confirmed(user) else None


def stop_change(*, user: User) -> bool:
    """The owner, signed in, keeps the number. False: nothing waits."""
    return _stop(NumberChange.objects.filter(user=user))


def stop_change_by_link(*, key: str) -> bool:
    """Whoever reads the old number's SMS or the letter keeps the number. False: nothing waits under this link."""
    return _stop(NumberChange.objects.filter(key_hash=hash_of(key)))


def apply_due_changes(*, brand_for: Callable[[User], Brand], now: datetime) -> int:
    """What nobody stopped within the day. How many numbers changed."""
    due = NumberChange.objects.filter(state=NumberChange.State.WAITING, takes_effect_at__lte=now)
    return sum(_apply(change, brand_for, now) for change in due.order_by("pk"))


def _hold(user: User, phone: str, brand: Brand, now: datetime) -> NumberChange:
    """A change that was asked before gives way to this one, and the day begins anew."""
    _stop(NumberChange.objects.filter(user=user))
    key = secrets.token_urlsafe(16)  # short, for an SMS
    change = NumberChange.objects.create(
        user=user, phone=phone, key_hash=hash_of(key), asked_at=now, takes_effect_at=now + rules.HOLD
    )
    audit.record(gettext_noop("asked for another mobile number"), on=user, by=user)
    tell(
        user, "number_change", brand=brand, new=mask_phone(phone) if phone else "",
        when=_told_at(change.takes_effect_at), url=public_url("accounts:stop_number_change", key),
    )  # fmt: skip
    return change


@transaction.atomic
def _stop(changes: QuerySet[NumberChange]) -> bool:
    """The UPDATE decides: of «stop» and «apply» at once one happens."""
    waiting = changes.filter(state=NumberChange.State.WAITING)
    change = waiting.select_related("user").first()
    if change is None or not waiting.update(state=NumberChange.State.STOPPED):
        return False
    audit.record(gettext_noop("stopped the change of the mobile number"), on=change.user, by=change.user)
    return True


@transaction.atomic
def _apply(due: NumberChange, brand_for: Callable[[User], Brand], now: datetime) -> bool:
    user = User.objects.select_for_update().get(pk=due.user_id)
    change = NumberChange.objects.select_for_update().filter(pk=due.pk, state=NumberChange.State.WAITING).first()
    if change is None:  # stopped, or another worker was here
        return False
    old = str(user.phone)
    is_done = _write(user, str(change.phone or ""), now)
    change.state = NumberChange.State.DONE if is_done else NumberChange.State.TAKEN
    change.save(update_fields=["state"])
    if is_done:
        audit.record(gettext_noop("changed the mobile number"), on=user, by=None)
        what = "phone" if change.phone else "phone removed"
        tell(user, "account_changed", brand=brand_for(user), phone=old, change=what, when=_told_at(now))
    return is_done


def _write(user: User, phone: str, now: datetime) -> bool:
    """False: another account proved the number first; the database lets one through."""
    user.phone, user.phone_changed_at = phone, now
    try:
        with transaction.atomic():
            user.save(update_fields=["phone", "phone_changed_at"])
    except IntegrityError:
        return False
    return True


def _told_at(instant: datetime) -> str:
    return timezone.localtime(instant).isoformat()
