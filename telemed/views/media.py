"""What the scripts of a talk ask: a place in the call, a word for the other browser, whatever is new."""

from functools import partial

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import live
from telemed.forms.talk import JoinForm, SignalForm
from telemed.queries.talk import Cursor, Seat, news_since, seat_of
from telemed.rules import SIGNAL_BYTES, Side, Signal, WrongMoment
from telemed.services import talk as services
from telemed.services.presence import note_at_desk
from telemed.views.doors import seated

TOO_LARGE, TOO_MANY, NOT_NOW, DONE = 413, 429, 409, 204


@never_cache
@require_POST
@seated
def join(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = JoinForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    try:
        joined = services.join(
            consultation=seat.consultation, side=seat.side, peer=form.cleaned_data["peer"], now=timezone.now()
        )  # fmt: skip
    except WrongMoment:
        return HttpResponse("not now", status=NOT_NOW)
    except services.TooMany:
        return HttpResponse("too many", status=TOO_MANY)
    return JsonResponse({"after": joined.after, "iceServers": joined.ice_servers})


@never_cache
@require_POST
@seated
def signals(request: HttpRequest, seat: Seat) -> HttpResponse:
    if len(request.body) > SIGNAL_BYTES:
        return HttpResponse("too large", status=TOO_LARGE)
    form = SignalForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    facts = form.cleaned_data
    try:
        services.signal(
            consultation=seat.consultation, side=seat.side, peer=facts["peer"], to=facts["to"],
            kind=Signal(facts["kind"]), data=form.signal(), now=timezone.now(),
        )  # fmt: skip
    except WrongMoment:
        return HttpResponse("not now", status=NOT_NOW)
    except services.TooMany:
        return HttpResponse("too many", status=TOO_MANY)
    return HttpResponse(status=DONE)


@require_safe
@seated
def news(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The rights are asked anew with every reading: whoever loses the seat hears nothing more."""
    since = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    try:
        Cursor.read(since)
    except ValueError as error:
        raise BadRequest from error

    user, public_id, side = seat.user, seat.consultation.public_id, seat.side  # thousands wait: no more is kept

    def find_seat() -> Seat | None:
        return seat_of(user, public_id, side, now=timezone.now())

    def still_here() -> None:
        if side == Side.DOCTOR:
            note_at_desk(user=user, now=timezone.now())

    return live.feed(
        request, str(public_id), partial(news_since, find_seat=find_seat), since=since, still_here=still_here
    )
