"""When a session ends, where a redirect may lead, how a browser is called, how long a link lives."""

import re
from datetime import datetime, timedelta
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
