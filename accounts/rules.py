"""When a session ends, where a redirect may lead, how a browser is called, how long a link lives."""

import hashlib
import re
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

IDLE_INSURED = timedelta(minutes=30)
IDLE_STAFF = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # a session is written at most this often, so the idle limit ends up to this early
CONFIRMATION_LIFE = timedelta(days=3)
STAFF_LINK_LIFE = timedelta(hours=24)

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
