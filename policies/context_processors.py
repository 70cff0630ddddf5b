from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from policies.queries import help_lines


def insurer(request: HttpRequest) -> dict[str, Any]:
    """`insurer` (or None on a neutral host) and `help`: whom to call, and whether they answer now (NSK-16…19).

    A request that was refused before the middleware, for its host, has no insurer.
    """
    return {
        "insurer": SimpleLazyObject(lambda: getattr(request, "insurer", None)),
        "help": SimpleLazyObject(lambda: help_lines(getattr(request, "insurer", None), now=timezone.now())),
    }
