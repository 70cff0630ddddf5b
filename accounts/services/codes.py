"""One-time codes to a mobile number or an address: asked for in a browser, typed in the same one (adr/0021).

The caller says whether the number may get a code at all; a stranger is answered the same, and the same is counted.
"""

import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts import rules
from accounts.models import PhoneCode
from accounts.rules import DAY, HOUR, Answer, Sending, counter_of_number, hash_of
from core import limits
from core.limits import Allowance
from notices.rules import Channel
from notices.services import post

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    answer: Answer
    phone: str = ""  # which number is proved; nothing unless the code was right
    email: str = ""  # …or which address


@transaction.atomic
def send_code(
    *,
    phone: str = "",
    email: str = "",
    purpose: str,
    browser: str,
    source: str,
    language: str,
    brand: dict[str, str],
    now: datetime,
    is_meant: bool = True,
) -> Sending:
    """Send six digits to `phone` (core.phones.parse_our_mobile) or to `email`; they work for ten minutes in `browser` alone.

    `browser` and `source` as accounts.queries.browser_of and address_of read them. `is_meant`: whether somebody may get
    this code; where not, none leaves, and whoever asked cannot tell. An earlier code of this browser and purpose dies.
    """
    refusal = _refusal(phone, email, source, now)
    if refusal:
        return refusal
    code = f"{secrets.randbelow(10**6):06d}"
    if is_meant:
        if phone and limits.spend(_money(), now=now).exhausted:  # between our look and now
            return _closed(now)
        kind, channel = ("phone_code", Channel.SMS) if phone else ("email_code", Channel.EMAIL)
        context = {"code": code, "minutes": int(rules.CODE_LIFE.total_seconds() // 60), "brand": brand}
        post(
            kind, to=phone or email, channel=channel, language=language, context=context, secret=True,
            not_after=now + rules.CODE_LIFE,
        )  # fmt: skip
    _keep(PhoneCode(
        browser=hash_of(browser), purpose=purpose, phone=phone, email=email, expires_at=now + rules.CODE_LIFE,
        digest=_digest(browser, purpose, code if is_meant else secrets.token_hex()),
    ))  # fmt: skip
    return Sending.SENT


@transaction.atomic
def check_code(*, purpose: str, browser: str, code: str, now: datetime) -> Checked:
    """Which number the typed code proves. A try of the code and one of the number are spent before comparing."""
    mine = PhoneCode.objects.filter(browser=hash_of(browser), purpose=purpose)
    living = mine.filter(used_at=None, expires_at__gt=now, tries__lt=rules.CODE_TRIES)
    if not living.update(tries=F("tries") + 1):  # from here on others with this code wait for the commit
        return Checked(Answer.DEAD)
    sent = mine.get()
    wrong, lock = _wrong(sent.contact), _lock(sent.contact)
    if limits.held(lock.key, now=now):
        return Checked(Answer.LOCKED)
    spent = limits.spend(wrong, now=now)
    if spent.exhausted:
        return Checked(Answer.LOCKED)
    if hmac.compare_digest(sent.digest, _digest(browser, purpose, code)):
        mine.update(used_at=now)
        limits.reset(wrong.key)
        return Checked(Answer.RIGHT, sent.phone, sent.email)
    if spent.counts[wrong.key] == rules.WRONG_CODES:
        limits.spend(lock, now=now)
        return Checked(Answer.LOCKED)
    return Checked(Answer.DEAD if sent.tries == rules.CODE_TRIES else Answer.WRONG)


def forget_codes(*, now: datetime) -> int:
    """Delete codes that have run out, and with them the numbers that strangers typed. How many."""
    deleted, _rows = PhoneCode.objects.filter(expires_at__lt=now).delete()
    return deleted


def _refusal(phone: str, email: str, source: str, now: datetime) -> Sending | None:
    """What a refusal did not need is given back: a source that asks too much uses up nobody's day. A letter costs no
    money and belongs to no operator's numbers."""
    contact = phone or email
    held = limits.held(_money().key, _lock(contact).key, now=now)
    if phone and (not _pays_for_one() or (_money().key in held and held[_money().key].is_exhausted)):
        return _closed(now)
    if _lock(contact).key in held:
        return Sending.LOCKED
    pause = Allowance(counter_of_number("pause", contact), 1, rules.CODE_PAUSE)
    if limits.spend(pause, now=now).exhausted:
        return Sending.TOO_SOON
    prefix = Allowance(f"code:prefix:{phone[:5]}", rules.CODES_OF_PREFIX, HOUR)
    spent = limits.spend(
        Allowance(counter_of_number("hour", contact), rules.CODES_AN_HOUR, HOUR),
        Allowance(counter_of_number("day", contact), rules.CODES_A_DAY, DAY),
        Allowance(f"code:source:{source}", rules.CODES_OF_SOURCE, HOUR),
        *([prefix] if phone else []),
        now=now,
    )
    if not spent.exhausted:
        return None
    if prefix.key in spent.exhausted:
        _alert_once(prefix.key, "Codes by SMS: one operator's numbers have had their share of this hour", now)
    limits.give_back(*spent.counts)
    return Sending.TOO_OFTEN


def _closed(now: datetime) -> Sending:
    _alert_once(_money().key, "Codes by SMS: the day's money is spent (SMS_MONEY_A_DAY), nobody gets one", now)
    return Sending.CLOSED


def _alert_once(key: str, words: str, now: datetime) -> None:
    """Once a day, or an attack would fill the log."""
    if not limits.spend(Allowance(f"{key}:alert", 1, DAY), now=now).exhausted:
        logger.error(words)


def _pays_for_one() -> bool:
    return bool(_money().limit)


def _money() -> Allowance:
    paid = rules.codes_for(money=settings.SMS_MONEY_A_DAY, part_price=settings.SMS_PART_PRICE)
    return Allowance("code:money", paid, DAY)


def _wrong(contact: str) -> Allowance:
    return Allowance(counter_of_number("wrong", contact), rules.WRONG_CODES, rules.WRONG_WINDOW)


def _lock(contact: str) -> Allowance:
    """Held as long as the contact is locked."""
    return Allowance(counter_of_number("lock", contact), 1, rules.NUMBER_LOCK)


def _keep(code: PhoneCode) -> None:
    PhoneCode.objects.bulk_create(
        [code],
        update_conflicts=True,
        unique_fields=["browser", "purpose"],
        update_fields=["phone", "email", "digest", "expires_at", "tries", "used_at"],
    )


def _digest(browser: str, purpose: str, code: str) -> str:
    return salted_hmac("accounts.codes", f"{browser}:{purpose}:{code}", algorithm="sha256").hexdigest()
