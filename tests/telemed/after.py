"""A talk that has ended, and what the doctor writes after it."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from policies.models import Policy
from telemed.models import Conclusion, Consultation, Doctor
from telemed.rules import Outcome, State
from telemed.services.conclusions import conclude
from tests.factories import a_borrower
from tests.people import aigul, oksana
from tests.telemed.factories import NOW, a_consultation, a_doctor, a_patient

ENDED = NOW + timedelta(minutes=20)
WRITTEN = {
    "heard": "Третий день болит горло, температуры нет",
    "specialists": "Отоларинголог",
    "methods": "Общий анализ крови, осмотр горла",
    "risks": "Без осмотра можно пропустить осложнение",
    "expected": "Станет ясно, что делать дальше",
    "outcome": Outcome.IN_PERSON.value,
}


def a_talk(
    user: User | None = None, policy: Policy | None = None, doctor: Doctor | None = None, **facts: Any
) -> Consultation:
    """Aigul's with Oksana, ended; covered by Nomad Life, which counts what it pays."""
    user = user or aigul()
    policy = policy or a_patient(user, a_borrower())
    doctor = doctor or a_doctor(oksana(), insurer=policy.insurer)
    return a_consultation(user, policy, State.TALKED, **({"doctor": doctor, "ended_at": ENDED} | facts))


def sent(talk: Consultation, *, at: datetime = ENDED, **changes: str) -> Conclusion:
    by = talk.doctor.user if talk.doctor else None
    return conclude(consultation=talk, sections=WRITTEN | changes, by=by, now=at)
