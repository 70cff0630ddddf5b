"""Whoever waits for a doctor, or for patients, learns at once that something moved, and is present while the stream is open
(TM-42). Coordinators see it all move."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import live
from core.live import Event
from telemed.queries.coordinators import coordinated_by
from telemed.queries.desk import desk_of, doctors_of
from telemed.queries.load import mark_of
from telemed.queries.section import is_in
from telemed.services.life import DESKS
from telemed.services.presence import note_at_desk, note_presence
from telemed.views.doors import coordinated
from telemed.views.patient import consultation_before


@require_safe
@login_required
def consultation(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """`state`: in which the page was drawn. What waits for nothing any more is 204."""
    found = consultation_before(request, public_id)
    if not found.is_before_the_talk:
        return HttpResponse(status=204)
    drawn_in = request.GET.get("state", found.state)

    def has_moved() -> bool:
        return not is_in(found, drawn_in)

    def still_here() -> None:
        note_presence(consultation=found, now=timezone.now())

    return live.stream(request, str(found.public_id), has_moved, still_here)


@require_safe
def desk(request: HttpRequest) -> HttpResponseBase:
    """`mark`: of what the page shows."""
    user, drawn = request.user, request.GET.get("mark", "")
    if not doctors_of(user):
        raise PermissionDenied

    def has_moved() -> bool:
        doctors = doctors_of(user)
        return not doctors or desk_of(doctors, now=timezone.now()).mark != drawn

    def still_here() -> None:
        note_at_desk(user=user, now=timezone.now())

    return live.stream(request, DESKS, has_moved, still_here)


@require_safe
def assistance(request: HttpRequest) -> HttpResponseBase:
    """`since`: the mark of what the page shows. Whoever coordinates nobody any more hears nothing."""
    coordinated(request)
    user = request.user

    def news(since: str) -> Sequence[Event]:
        mark = mark_of(coordinated_by(user))
        return [] if mark == since else [Event("moved", id=mark)]

    return live.feed(request, DESKS, news, since=request.GET.get("since", ""))
