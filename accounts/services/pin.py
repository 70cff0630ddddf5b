"""A PIN opens the cabinet on a device that its owner trusts, and nothing anywhere else (security.md, S7; adr/0025)."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import rules
from accounts.hashers import Busy
from accounts.models import Device, User
from accounts.queries import pin_tries
from accounts.rules import Answer, hash_of
from accounts.services.telling import tell
from core import audit, limits
from core.limits import Allowance

Brand = dict[str, str]


@transaction.atomic
def set_pin(*, user: User, pin: str, brand: Brand, now: datetime) -> None:
    """The first PIN, or another one. Which devices open with it stays as it is."""
    user.pin = make_password(pin)
    user.save(update_fields=["pin"])
    _tell(user, gettext_noop("set a PIN"), change="pin", brand=brand, now=now)


@transaction.atomic
def remove_pin(*, user: User, brand: Brand, now: datetime) -> None:
    """Repeating it changes nothing."""
    if not user.pin:
        return
    user.pin = ""
    user.save(update_fields=["pin"])
    end_trust(user=user)
    _tell(user, gettext_noop("removed the PIN"), change="pin removed", brand=brand, now=now)


@transaction.atomic
def trust_device(*, user: User, key: str, brand: Brand, now: datetime) -> bool:
    """The browser that holds `key` opens with the PIN from now on, and with nobody else's PIN any more.

    False: the account has no PIN or no password, is a colleague's, or has never signed in there; or it is trusted already.
    """
    if not user.pin or user.is_staff or not user.has_usable_password():
        return False
    Device.objects.filter(key_hash=hash_of(key)).exclude(user=user).update(trusted_at=None)
    mine = user.devices.filter(key_hash=hash_of(key), trusted_at=None)
    if not mine.update(trusted_at=now):
        return False
    _tell(user, gettext_noop("trusted a device"), change="pin on a device", brand=brand, now=now)
    return True


def end_trust(*, user: User, except_key: str = "") -> int:
    """The PIN opens no device any more, or only the one that holds `except_key`. Of how many it was taken."""
    devices = user.devices.filter(trusted_at__isnull=False).exclude(key_hash=hash_of(except_key))
    return devices.update(trusted_at=None)


def check_pin(*, device: Device, pin: str, now: datetime) -> Answer:
    """RIGHT, WRONG or LOCKED. A try is spent before comparing; a sign-in gives all of them back (`forget_wrong_pins`)."""
    tries = Allowance(pin_tries(device), rules.PIN_TRIES, None)
    spent = limits.spend(tries, now=now)
    if spent.exhausted:
        return Answer.LOCKED
    try:
        is_right = check_password(pin, device.user.pin)
    except Busy:  # nothing was compared
        limits.give_back(tries.key)
        raise
    if is_right:
        return Answer.RIGHT
    return Answer.LOCKED if spent.counts[tries.key] == rules.PIN_TRIES else Answer.WRONG


def forget_wrong_pins(*, user: User, key: str) -> None:
    """Somebody signed in with the browser that holds `key`: by whatever way, it was the owner who had mistyped."""
    if device := user.devices.filter(key_hash=hash_of(key)).first():
        limits.reset(pin_tries(device))


def _tell(user: User, act: str, *, change: str, brand: Brand, now: datetime) -> None:
    audit.record(act, on=user, by=user)
    tell(user, "account_changed", brand=brand, change=change, when=timezone.localtime(now).isoformat())
