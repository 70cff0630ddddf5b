"""What would leave callers without a path, and doctors without a telephone. Registered in telemed.apps."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from core.documents.seals import SealUnusable, sealing

SHORTEST_SECRET = 32
RELAY = re.compile(r"turns?:[\w.\[\]:-]+?(:\d+)?(\?transport=(udp|tcp))?", re.ASCII)


def check_relay(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if wrong := [url for url in settings.TURN_URLS if not RELAY.fullmatch(url)]:
        hint = "turn:relay.example.kz:3478 or turns:relay.example.kz:5349?transport=tcp"
        found.append(Error(f"TURN_URLS: {', '.join(wrong)} is no address of a relay.", hint=hint, id="telemed.E001"))
    if settings.TURN_URLS and len(settings.TURN_SECRET) < SHORTEST_SECRET:
        hint = "openssl rand -hex 32, the same as coturn's static-auth-secret"
        found.append(Error("TURN_URLS without a TURN_SECRET that nobody guesses.", hint=hint, id="telemed.E002"))
    return found


def check_relay_is_there(**kwargs: Any) -> list[CheckMessage]:
    if settings.TURN_URLS:
        return []
    hint = "Behind many mobile networks calls by video and sound find no path without a relay."
    return [Warning("TURN_URLS is empty.", hint=hint, id="telemed.W001")]


def check_telephone(**kwargs: Any) -> list[CheckMessage]:
    if settings.TELEPHONE_GATEWAY == "sandbox":
        return []
    if settings.TELEPHONE_GATEWAY != "http":
        return [Error("TELEPHONE_GATEWAY is neither sandbox nor http.", id="telemed.E003")]
    found: list[CheckMessage] = []
    if not (settings.TELEPHONE_LOGIN and settings.TELEPHONE_PASSWORD):
        hint = "TELEPHONE_GATEWAY is http, but TELEPHONE_LOGIN or TELEPHONE_PASSWORD is empty."
        found.append(Error(hint, id="telemed.E004"))
    if urlsplit(settings.TELEPHONE_URL).hostname not in settings.OUTBOUND_HOSTS:
        found.append(Error("The host of TELEPHONE_URL is missing from OUTBOUND_HOSTS.", id="telemed.E005"))
    return found


def check_telephone_is_there(**kwargs: Any) -> list[CheckMessage]:
    if settings.TELEPHONE_GATEWAY != "sandbox" or settings.DEMO:
        return []
    hint = "Doctors call from their own telephones and enter what happened."
    return [Warning("TELEPHONE_GATEWAY is the sandbox: it calls nobody.", hint, id="telemed.W002")]


def check_seals_are_of_somebody(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """A file that is called otherwise seals nothing, and nobody would notice."""
    from telemed.models import MedicalOrganisation

    if "default" not in (databases or ()):
        return []
    try:
        named = sealing()
    except SealUnusable:  # core.E006 says so
        return []
    known = set(MedicalOrganisation.objects.filter(slug__in=named).values_list("slug", flat=True))
    hint = "A seal is called as the slug of its medical organisation."
    return [
        Warning(f"{name}.p12 is of no medical organisation.", hint=hint, id="telemed.W003")
        for name in named
        if name not in known
    ]
