"""Misconfiguration that must stop the start, numbered."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from core.outbound import HostNotAllowed, allow_url


@register(Tags.security)
def demo_stays_at_home(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """In DEMO a printed link stands for the second factor, so it answers only on this machine or its own network."""
    if settings.DEMO and not _is_private(urlsplit(settings.PUBLIC_URL).hostname or ""):
        hint = "Unset DEMO, or give PUBLIC_URL a private address."
        return [Error(f"DEMO must not run at {settings.PUBLIC_URL}", hint=hint, id="accounts.E001")]
    return []


@register(Tags.security, deploy=True)
def letters_link_to_https(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Links in letters sign people in and set passwords."""
    if not settings.PUBLIC_URL.startswith("https://"):
        return [Error("PUBLIC_URL does not begin with https://", id="accounts.E002")]
    return []


@register(Tags.compatibility, deploy=True)
def letters_name_a_phone(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """«If it was not you, call …»"""
    if not settings.PORTAL_BRAND["phone"]:
        return [Error("PORTAL_PHONE is not set, so letters of the shared host name nobody to call", id="accounts.E003")]
    return []


@register(Tags.compatibility)
def codes_have_a_price(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What a day's codes may cost is divided by it."""
    if settings.SMS_PART_PRICE <= 0 or settings.SMS_MONEY_A_DAY < 0:
        hint = "The price of one part of an SMS is above 0, the money of a day 0 or more (0: no codes by SMS)."
        return [Error("SMS_PART_PRICE or SMS_MONEY_A_DAY makes no sense", hint=hint, id="accounts.E004")]
    return []


@register(Tags.compatibility)
def national_sign_in_is_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A button that leads nowhere is worse than none."""
    if not settings.NATIONAL_ID_ISSUER:
        return []
    names = ("NATIONAL_ID_NAME", "NATIONAL_ID_CLIENT", "NATIONAL_ID_SECRET", "NATIONAL_ID_IIN_CLAIM")
    missing = [name for name in names if not getattr(settings, name)]
    found: list[CheckMessage] = []
    if missing:
        hint = "Unset NATIONAL_ID_ISSUER to switch the national sign-in off."
        found.append(Error(f"NATIONAL_ID_ISSUER is set without {', '.join(missing)}", hint=hint, id="accounts.E005"))
    try:
        allow_url(settings.NATIONAL_ID_ISSUER)
    except HostNotAllowed as error:
        found.append(Error(f"NATIONAL_ID_ISSUER: {error}", id="accounts.E006"))
    return found


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"
