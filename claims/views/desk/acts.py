"""What a press of a button does at the desk: one act of a service, and one sentence about how it ended."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from claims.rules.life import WrongMoment
from core.errors import InputError

Result = TypeVar("Result")


def done(request: HttpRequest, act: Callable[[], Result], said: str | Callable[[Result], str]) -> Result | None:
    """What the act left. None: the rules refuse it, or somebody was first, and the person has been told."""
    try:
        result = act()
    except InputError as refused:
        messages.error(request, refused.message)
    except WrongMoment:
        too_late(request)
    else:
        messages.success(request, said if isinstance(said, str) else said(result))
        return result
    return None


def too_late(request: HttpRequest) -> None:
    messages.error(request, _("Meanwhile something else happened to this claim. Look at it again."))
