"""Whose portal this is: the host names the insurer, or nobody on a neutral host."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from policies.models import Insurer
from policies.queries import host_of

Answer = Callable[[HttpRequest], HttpResponse]


class InsurerMiddleware:
    """`request.insurer`: an Insurer or None, asked only when needed. A page about one programme sets it (`serve_for`)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.insurer = SimpleLazyObject(lambda: insurer_of_host(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        timezone.deactivate()
        return response


def insurer_of_host(request: HttpRequest) -> Insurer | None:
    return Insurer.objects.filter(hosts__contains=[host_of(request)]).first()


def serve_for(request: HttpRequest, insurer: Insurer) -> None:
    """From here on the page speaks for this insurer: its contacts, its time zone."""
    request.insurer = insurer  # type: ignore[attr-defined]
    timezone.activate(insurer.zone)
