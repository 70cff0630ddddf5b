"""TM-43: what the doctor writes after the talk, kept while it is written and sent once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from policies.rules import Rendering
from telemed.models import SECTIONS, Conclusion, Consultation, Draft
from telemed.rules import Event, State, WrongMoment
from telemed.services.documents import want_conclusion
from telemed.services.life import lock, move
from telemed.services.rendering import render_consultation
from telemed.services.telling import tell_patient

WRITES_IN = (State.TALKING, State.TALKED)


@transaction.atomic
def save_draft(*, consultation: Consultation, sections: Mapping[str, str], now: datetime) -> Draft:
    """As far as it is written; `sections` names each of SECTIONS. Raise WrongMoment once it is sent, and before the talk."""
    consultation = lock(consultation)
    if consultation.state not in WRITES_IN:
        raise WrongMoment(f"a draft for a consultation that is {consultation.state}")
    written = {name: sections[name] for name in SECTIONS} | {"saved_at": now}
    draft, _created = Draft.objects.update_or_create(consultation=consultation, defaults=written)
    return draft


@transaction.atomic
def conclude(*, consultation: Consultation, sections: Mapping[str, str], by: Any, now: datetime) -> Conclusion:
    """Sent: the patient reads it at once, a worker makes its PDF, the consultation counts as rendered. Raise WrongMoment:
    of two at once the second."""
    consultation = lock(consultation)
    if consultation.state != State.TALKED:
        raise WrongMoment(f"a conclusion of a consultation that is {consultation.state}")
    written = {name: sections[name] for name in SECTIONS}
    conclusion = Conclusion.objects.create(
        consultation=consultation, doctor=consultation.attending, sent_at=now, **written
    )
    Draft.objects.filter(consultation=consultation).delete()
    want_conclusion(conclusion, now=now)
    render_consultation(consultation, Rendering.HELD, now=now)
    move(consultation, Event.CONCLUDE, by=by, now=now, outcome=conclusion.outcome)
    tell_patient(consultation, "conclusion_sent")
    return conclusion
