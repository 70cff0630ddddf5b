"""Whom to call, and in whose name a letter is written."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from core.brand import Face, face, stylesheet
from core.contacts import HelpLine, opening_sentence, portal_lines
from core.languages import in_language
from policies.models import Insurer
from policies.rules import ContactLine


def help_lines(insurer: Insurer | None, *, now: datetime) -> list[HelpLine]:
    """Whom to call and whether they answer at this moment (NSK-19), read on the insurer's clock. No query.

    Where no insurer is known, or it names nobody, the portal's own number.
    """
    if not insurer or not insurer.contacts:
        return portal_lines()
    here = now.astimezone(insurer.zone)
    return [_help_line(ContactLine.from_data(data), here) for data in insurer.contacts]


def _help_line(line: ContactLine, here: datetime) -> HelpLine:
    state = line.hours.state(here)
    # «круглосуточно» is said once, by the sentence about now.
    hours = () if state.around_clock else tuple(line.hours.lines())
    note = in_language(line.notes)
    return HelpLine(
        label=in_language(line.labels),
        phone=line.phone,
        tel=line.tel,
        email=line.email,
        hours=(*hours, note) if note else hours,
        now=opening_sentence(state, here),
        open=state.open,
    )


def help_of_everybody(insurer: Insurer | None, *, now: datetime) -> list[tuple[str, list[HelpLine]]]:
    """Each insurer's name and contact lines, or only this one's. Insurers without a contact are left out."""
    insurers = [insurer] if insurer else Insurer.objects.exclude(contacts=[])
    return [(one.name, help_lines(one, now=now)) for one in insurers]


def contacts_on_paper(insurer: Insurer, language: str) -> list[dict[str, str]]:
    """Whom to call, as a document says it: with the hours of a week and no word about now. Plain JSON.

    Where the insurer names nobody, the portal's own number, as in `help_lines`.
    """
    with translation.override(language):
        return [_on_paper(ContactLine.from_data(data)) for data in insurer.contacts] or [
            {"label": line.label, "phone": line.phone, "email": "", "hours": ", ".join(line.hours), "note": ""}
            for line in portal_lines()
        ]


def _on_paper(line: ContactLine) -> dict[str, str]:
    return {
        "label": in_language(line.labels),
        "phone": line.phone,
        "email": line.email,
        "hours": ", ".join(line.hours.lines()),
        "note": in_language(line.notes),
    }


def brand_of(insurer: Insurer, language: str) -> dict[str, str]:
    """How a letter signs: the insurer's name, and the first number to call with its hours. Plain JSON."""
    first = next((line for line in contacts_on_paper(insurer, language) if line["phone"]), None)
    return {
        "name": in_language(insurer.names, language),
        "phone": first["phone"] if first else "",
        "hours": first["hours"] if first else "",
        "url": settings.PUBLIC_URL,
    }


def face_of_host(request: HttpRequest) -> Face | None:
    """No query: the insurer is asked for the contacts of the same page."""
    insurer: Insurer | None = getattr(request, "insurer", None)  # a request refused for its host came without one
    if not insurer or host_of(request) not in insurer.hosts:
        return None
    digest = hashlib.sha256(stylesheet(insurer.brand).encode()).hexdigest()[:12]
    return face(insurer.name, insurer.brand, f"{reverse('policies:brand', args=[insurer.slug])}?{digest}")


def host_of(request: HttpRequest) -> str:
    return request.get_host().rsplit(":", 1)[0]


def insurer_for(request: HttpRequest | None, user: Any) -> Insurer | None:
    """The insurer of this page or host, else the first whose policy the account holds. A query on a neutral host only."""
    insurer: Insurer | None = getattr(request, "insurer", None)  # refused for its host, or no request: the beat speaks
    if not insurer and user and user.is_authenticated:
        return Insurer.objects.filter(people__accesses__user=user).order_by("people__accesses__since").first()
    return insurer


def brand_for_account(
    sender: Any, request: HttpRequest | None, user: Any, language: str, **kwargs: Any
) -> dict[str, str] | None:
    """Who signs a letter about an account."""
    insurer = insurer_for(request, user)
    return brand_of(insurer, language) if insurer else None
