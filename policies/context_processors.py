from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from policies.queries import face_of_host, help_lines, insurer_for


def help_contacts(request: HttpRequest) -> dict[str, Any]:
    """`help`: whom to call, and whether they answer now (NSK-16…19). Asked only where a page shows it."""

    def lines() -> list[Any]:
        insurer = insurer_for(request, getattr(request, "user", None))
        return help_lines(insurer, now=timezone.now())

    return {"help": SimpleLazyObject(lines)}


def face(request: HttpRequest) -> dict[str, Any]:
    """`face`: name and colours of the insurer whose host this is. A page about another insurer's policy wears the house's."""
    return {"face": SimpleLazyObject(lambda: face_of_host(request))}
