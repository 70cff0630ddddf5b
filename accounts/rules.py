"""When a session ends, where a redirect may lead, how a browser is called, how long a link lives, whom claims describe."""

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core.identity import IdentityNumberError, parse_iin

NOTICES = {  # how our messages are called where people read of them (notices.rules.KINDS)
    "phone_code": _("code by SMS"),
    "email_code": _("code by e-mail"),
    "guest_link": _("link of a guest without an account"),
    "password_reset": _("letter with the link to a new password"),
    "password_changed": _("notice that the password was changed"),
    "account_changed": _("notice of a change of the way in"),
    "confirm_new_address": _("letter with the link that confirms a new address"),
    "new_device": _("notice of a sign-in on a new device"),
    "number_change": _("notice that the mobile number will change"),
    "factor_loss": _("notice that the second step will be lifted"),
    "unknown_account": _("letter: this address has no account"),
}

IDLE_INSURED = timedelta(minutes=30)
IDLE_STAFF = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # a session is written at most this often, so the idle limit ends up to this early
CONFIRMATION_LIFE = timedelta(days=3)
STAFF_LINK_LIFE = timedelta(hours=24)
FIRST_PASSWORD_LINK = timedelta(hours=72)  # in the SMS that names the login (TM-02)

# Tries at the sign-in page, in windows that begin with the first one (security.md, 2.2). Loose by source: a mobile
# operator's customers share one address.
FAILURES_OF_ADDRESS, ADDRESS_WINDOW = 5, timedelta(minutes=5)
FAILURES_OF_SOURCE, SIGN_INS_OF_SOURCE, SOURCE_WINDOW = 20, 30, timedelta(minutes=1)
WRONG_PASSWORDS_IN_A_ROW = (
    100  # afterwards only a new password, chosen by e-mail, opens the account (NIST 800-63B, 5.2.2)
)


# One-time codes by SMS (security.md, 2.4). Numbers of tries, and the windows that begin with the first one.
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 3  # then it is dead and another one is asked for
WRONG_CODES, WRONG_WINDOW = 6, timedelta(minutes=15)  # at one number, whichever codes and browsers
NUMBER_LOCK = timedelta(hours=2)
CODE_PAUSE = timedelta(seconds=30)
CODES_AN_HOUR, CODES_A_DAY = 5, 10  # to one number
CODES_OF_SOURCE = 60  # an hour: a mobile operator's customers share one address
CODES_OF_PREFIX = 300  # an hour, to one operator's code: who earns from SMS has numbers in a row
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PARTS_OF_A_CODE = 2  # in every language, with the longest name of an insurer: tests/accounts/test_codes.py

# What is at stake waits, so that its owner can stop it (6.4.4, decisions.md).
HOLD = timedelta(hours=24)
NUMBER_IS_NEW = timedelta(days=7)


PIN_TRIES = 5  # on one device, since its last sign-in; then only a full sign-in opens it (security.md, S7)


# ── Names of counters ────────────────────────────────────────────────────────
def tries_of(login: str) -> str:
    """Of wrong passwords for an address or number, whether anybody has it or not, on all hosts."""
    return f"sign-in:address:{hash_of(login.lower())}"


def tries_in_a_row_of(login: str) -> str:
    """…since the last right password or the last new one."""
    return f"sign-in:in-a-row:{hash_of(login.lower())}"


def counter_of_number(what: str, phone: str) -> str:
    return f"code:{what}:{name_of_number(phone)}"


def name_of_number(phone: str) -> str:
    """What a number (or an address, however it is written) is called where strangers' tries are counted: there are few
    numbers, so a plain hash would give them away. 40 characters."""
    return salted_hmac("accounts.codes.number", phone.casefold(), algorithm="sha256").hexdigest()[:40]


class Purpose(StrEnum):
    """What a code was asked for: it opens nothing else. Apps above name theirs «app:act»."""

    SIGN_IN = "accounts:sign-in"
    MOBILE = "accounts:mobile"
    RECOVERY = "accounts:recovery"


class Sending(StrEnum):
    """What came of asking for a code. The same for a number that an account has and for one that none has."""

    SENT = "sent"
    TOO_SOON = "too soon"
    TOO_OFTEN = "too often"
    LOCKED = "locked"
    CLOSED = "closed"  # the day's money is spent: nobody gets codes by SMS


class Answer(StrEnum):
    """What a typed code is. LOCKED and DEAD were not compared."""

    RIGHT = "right"
    WRONG = "wrong"
    DEAD = "dead"
    LOCKED = "locked"


def codes_for(*, money: Decimal, part_price: Decimal) -> int:
    """How many codes the day's money pays."""
    return int(money // (part_price * PARTS_OF_A_CODE))


def sms_alone_suffices(*, changed_at: datetime | None, now: datetime) -> bool:
    """Whether a code to the number opens bank details, documents or a new device (SIM swap; security.md, 2.4)."""
    return changed_at is None or now - changed_at >= NUMBER_IS_NEW


class SessionEnd(StrEnum):
    IDLE = "idle"
    TOO_LONG = "too long"


def session_end(*, signed_in_at: datetime, seen_at: datetime, now: datetime, is_staff: bool) -> SessionEnd | None:
    """Why the session is over, or None while it may go on. At the limit itself it is over."""
    if now - signed_in_at >= ABSOLUTE:
        return SessionEnd.TOO_LONG
    if now - seen_at >= (IDLE_STAFF if is_staff else IDLE_INSURED):
        return SessionEnd.IDLE
    return None


# One slash, then anything that no browser reads as a second one: no backslash, space or control character
# (browsers drop tabs and line feeds, so "/\t/evil" is "//evil").
OWN_PATH = re.compile(r"/(?!/)[^\\\s\x00-\x20\x7f]*")


def is_own_path(url: str) -> bool:
    """Whether a redirect to `url` stays on the host that answers."""
    return OWN_PATH.fullmatch(url) is not None


# The first mark that is found wins: every browser below also claims to be the ones after it.
BROWSERS = [
    ("YaBrowser", "Yandex Browser"), ("SamsungBrowser", "Samsung Internet"), ("OPR/", "Opera"), ("Edg", "Edge"),
    ("FxiOS", "Firefox"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
]  # fmt: skip
SYSTEMS = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
]  # fmt: skip


def device_label(user_agent: str) -> str:
    """ "Chrome, Android": names that need no translation; empty when neither part is recognised."""
    return ", ".join(part for part in (_first_match(BROWSERS, user_agent), _first_match(SYSTEMS, user_agent)) if part)


def _first_match(marks: list[tuple[str, str]], user_agent: str) -> str:
    return next((name for mark, name in marks if mark in user_agent), "")


def hash_of(key: str) -> str:
    """Keys are random and long, so a plain SHA-256 keeps them."""
    return hashlib.sha256(key.encode()).hexdigest()


# ── National sign-in ─────────────────────────────────────────────────────────
BEGINNINGS_OF_SOURCE = 60  # an hour: each asks the provider something


@dataclass(frozen=True)
class Identity:
    """Who somebody is to the state, as far as it told us. In memory only: none of it is stored with the account."""

    iin: str
    birth_date: date | None
    name: str


def identity_in(claims: Mapping[str, Any], *, iin_claim: str) -> Identity | None:
    """None without a well-formed IIN: in Russia there is none, and a name with a birth date identifies nobody.

    The other claims are OpenID Connect Core's (5.1); one that cannot be read counts as not told.
    """
    iin = claims.get(iin_claim)
    if not isinstance(iin, str):
        return None
    parts = [str(claims.get(part) or "") for part in ("family_name", "given_name", "middle_name")]
    name = " ".join(filter(None, parts)) or str(claims.get("name") or "")
    with suppress(IdentityNumberError):
        return Identity(parse_iin(iin).number, _date(claims.get("birthdate")), name)
    return None


def proved_email(claims: Mapping[str, Any]) -> str:
    """The address that the provider has proved, in small letters; nothing where it says less than that."""
    email = claims.get("email")
    return email.lower() if isinstance(email, str) and claims.get("email_verified") is True else ""


def _date(text: Any) -> date | None:
    with suppress(ValueError, TypeError):
        return date.fromisoformat(text)
    return None
