"""The one place that changes the state of a claim or of a part of it, and the one that writes their history."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model

from claims.models import Claim, Decision, Instalment, Item, Objection, Step
from claims.rules.life import (
    CLAIM_LIFE,
    DECISION_LIFE,
    INSTALMENT_LIFE,
    ITEM_LIFE,
    OBJECTION_LIFE,
    OPEN_STATES,
    Actor,
    Event,
    Life,
    State,
)
from claims.rules.people import Part
from claims.rules.terms import RESTING
from core.live import announce

Of = Item | Decision | Instalment | Objection
LIVES: dict[type[Model], tuple[Part, Life[Any, Any]]] = {
    Item: (Part.ITEM, ITEM_LIFE),
    Decision: (Part.DECISION, DECISION_LIFE),
    Instalment: (Part.INSTALMENT, INSTALMENT_LIFE),
    Objection: (Part.OBJECTION, OBJECTION_LIFE),
}


def locked(claim: Claim) -> Claim:
    """Its newest state, held until the commit. Each service begins with it: of two acts at once the second sees the first.

    What may be NULL is not joined: after a wait the row is new, what was joined to it is not.
    """
    rows = Claim.objects.select_for_update(of=["self"], no_key=True)
    return rows.select_related("insurer").get(pk=claim.pk)


def move(
    *, claim: Claim, event: Event, actor: Actor, by: Any, now: datetime, on: date | None = None, reason: str = "",
    **detail: Any,
) -> Step:  # fmt: skip
    """The claim's next state with whatever was set beside it, and the step. `on`: the day it counts for; today's, of what
    came on paper the day it came. Raise WrongMoment, PermissionDenied.

    Whoever calls it winds the clock when all facts are written (services.clock).
    """
    today = on or claim.insurer.today(now)
    claim.state = _next(CLAIM_LIFE, State(claim.state), event, actor)
    claim.ended_on = today if claim.state in RESTING else None
    if claim.state == State.STOPPED:
        claim.stopped_on = today
    claim.is_open = claim.is_open or claim.state in OPEN_STATES  # whether it is closed, the clock says (services.clock)
    claim.save()
    return note_step(
        claim=claim, part=Part.CLAIM, event=event, actor=actor, by=by, now=now, on=today, reason=reason, detail=detail
    )


def move_part(
    *, part: Of, event: Any, actor: Actor, by: Any, now: datetime, on: date | None = None, reason: str = "",
    **detail: Any,
) -> Step:  # fmt: skip
    """Likewise of a document, a decision, a payment, an objection, by its own table. The claim is locked."""
    kind, life = LIVES[type(part)]
    part.state = _next(life, type(life.starts[0])(part.state), event, actor)
    part.save()
    claim = part.claim
    return note_step(
        claim=claim, part=kind, event=event, actor=actor, by=by, now=now, on=on or claim.insurer.today(now), reason=reason,
        detail=detail, of=part,
    )  # fmt: skip


def move_parts(
    *, parts: Sequence[Any], event: Any, actor: Actor, by: Any, now: datetime, reason: str = "", fields: Sequence[str] = (),
    **detail: Any,
) -> None:  # fmt: skip
    """Parts of one kind, of many claims, in as many statements as for one. `fields`: what was set beside the state."""
    if not parts:
        return
    kind, life = LIVES[type(parts[0])]
    for part in parts:
        part.state = _next(life, type(life.starts[0])(part.state), event, actor)
    type(parts[0])._base_manager.bulk_update(parts, ["state", *fields])
    Step.objects.bulk_create(
        Step(
            claim=part.claim, part=kind, event=event, state=part.state, actor=actor, by=by, at=now,
            on=part.claim.insurer.today(now), reason=reason, detail=detail, **{kind.value: part},
        )
        for part in parts
    )  # fmt: skip
    for topic in {str(part.claim.public_id) for part in parts} | {queue_of(part.claim.insurer_id) for part in parts}:
        announce(topic)


def note_step(
    *, claim: Claim, part: Part, event: str, actor: Actor, by: Any, now: datetime, on: date, reason: str = "",
    detail: dict[str, Any], of: Of | None = None,
) -> Step:  # fmt: skip
    """A line of the history. Of an event that changes no state (the notice itself), `part` is the claim."""
    step = Step.objects.create(
        claim=claim, part=part, event=event, state=(of or claim).state, actor=actor, by=by, at=now, on=on, reason=reason,
        detail=detail, **({part.value: of} if of else {}),
    )  # fmt: skip
    announce(str(claim.public_id))
    announce(queue_of(claim.insurer_id))
    return step


def queue_of(insurer: int) -> str:
    """The topic of a reviewers' room."""
    return f"claims:{insurer}"


def _next(life: Life[Any, Any], state: Any, event: Any, actor: Actor) -> Any:
    if not life.may(actor, event):
        raise PermissionDenied(f"{actor} may not {event}")
    return life.after(state, event)
