"""Settings that would let messages wait without anybody noticing. Numbered, so that a note can name them."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from notices.rules import LONGEST_TIMEOUT


def check_settings(**kwargs: Any) -> list[CheckMessage]:
    return [*_mail(), *_sms()]


def check_production(**kwargs: Any) -> list[CheckMessage]:
    if settings.SMS_GATEWAY != "sandbox" or settings.DEMO:
        return []
    return [Warning("SMS_GATEWAY is the sandbox: SMS become files that nobody receives.", id="notices.W001")]


def _mail() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    longest = LONGEST_TIMEOUT.total_seconds()
    if not 0 < (settings.EMAIL_TIMEOUT or 0) <= longest:
        hint = "Without it a silent mail server holds the worker for ever."
        found.append(Error(f"EMAIL_TIMEOUT is not between 0 and {longest:.0f} seconds.", hint, id="notices.E001"))
    if settings.EMAIL_HOST not in settings.OUTBOUND_HOSTS:
        found.append(Error("The host of EMAIL_URL is missing from OUTBOUND_HOSTS.", id="notices.E002"))
    return found


def _sms() -> list[CheckMessage]:
    if settings.SMS_GATEWAY == "sandbox":
        return []
    if settings.SMS_GATEWAY != "smsc":
        return [Error("SMS_GATEWAY is neither sandbox nor smsc.", id="notices.E003")]
    found: list[CheckMessage] = []
    if not (settings.SMSC_LOGIN and settings.SMSC_PASSWORD):
        found.append(Error("SMS_GATEWAY is smsc, but SMSC_LOGIN or SMSC_PASSWORD is empty.", id="notices.E004"))
    if urlsplit(settings.SMSC_URL).hostname not in settings.OUTBOUND_HOSTS:
        found.append(Error("The host of SMSC_URL is missing from OUTBOUND_HOSTS.", id="notices.E005"))
    return found
