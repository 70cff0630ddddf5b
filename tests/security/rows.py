"""Two patients at two insurers with two doctors, a row of everything that is walled about each; and who looks at them."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db.models import Model

from accounts.models import User
from core.models import Upload, UploadStep
from core.rows.viewers import NOBODY, Viewer, seen_by
from policies.models import Access, Policy
from policies.rules import AccessKind, AccessScope, StaffRole
from telemed.models import (
    Attempt,
    CallSignal,
    ClaimAnswer,
    Conclusion,
    ConclusionDocument,
    Consultation,
    ConsultationStep,
    Dialling,
    Doctor,
    Draft,
    Message,
    PaidBack,
    PresenceSpan,
    QualityClaim,
    Rating,
)
from telemed.rules import AttemptResult, Event, Means, Outcome, Side, Signal, State
from tests.factories import a_policy, another_insurer
from tests.people import a_member, a_person, aigul, dana, oksana, yerlan
from tests.telemed.factories import NOW, a_consultation, a_doctor, a_patient

GUEST = uuid.UUID(int=7)
Rows = dict[type[Model], set[int]]


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


# ── The story: the same of two patients at two insurers with two doctors ─────
@dataclass
class Half:
    patient: User
    policy: Policy
    doctor: Doctor
    desk: User  # the doctor's account
    consultation: Consultation
    rows: Rows


@pytest.fixture
def hers() -> Half:
    return half(aigul(), a_policy(birth_date=date(2015, 3, 14)), oksana(), "oksana", "Секрет Айгуль")


@pytest.fixture
def foreign(hers: Half) -> Half:
    policy = a_policy("9920027534", insurer=another_insurer(), iin="610314400010")
    return half(dana(), policy, yerlan(), "yerlan", "Секрет Даны")


def half(user: User, policy: Policy, doctors: User, slug: str, secret: str) -> Half:
    a_patient(user, policy)
    doctor = a_doctor(doctors, insurer=policy.insurer, slug=slug)
    talk = a_consultation(
        user, policy, State.TALKED, doctor=doctor, ended_at=NOW, rendered_at=NOW, rendered_as="held", complaint=secret
    )
    return Half(user, policy, doctor, doctors, talk, rows_of(talk, user, doctor, doctors, secret))


def rows_of(talk: Consultation, user: User, doctor: Doctor, desk: User, secret: str) -> Rows:
    """One of each walled table of telemedicine and of files; two files, of which the patient sent the first."""
    sent, answered = a_file(talk, user, secret), a_file(talk, desk, f"{secret}, ответ")
    conclusion = Conclusion.objects.create(
        consultation=talk, doctor=doctor, heard=secret, methods=secret, outcome=Outcome.ADVISED
    )
    claim = QualityClaim.objects.create(consultation=talk, by=user, text=secret, at=NOW)
    made = [
        talk, conclusion, claim, sent, answered,
        ConsultationStep.objects.create(consultation=talk, kind=Event.END, at=NOW, by=user),
        Message.objects.create(consultation=talk, side=Side.PATIENT, by=user, text=secret, at=NOW),
        CallSignal.objects.create(consultation=talk, side=Side.PATIENT, peer="a" * 32, kind=Signal.HELLO, at=NOW),
        Draft.objects.create(consultation=talk, heard=secret, saved_at=NOW),
        ConclusionDocument.objects.create(conclusion=conclusion, language="ru", facts={}, next_try_at=NOW),
        Attempt.objects.create(
            consultation=talk, called_at=NOW, number=1, doctor=doctor, at=NOW, result=AttemptResult.NO_ANSWER,
            means=Means.OWN_TELEPHONE,
        ),
        Dialling.objects.create(consultation=talk, by=desk, at=NOW, answer="ok"),
        PresenceSpan.objects.create(consultation=talk, since=NOW, until=NOW),
        ClaimAnswer.objects.create(claim=claim, verdict="rejected", by=user, text=secret, at=NOW),
        PaidBack.objects.create(
            consultation=talk, amount=5000, currency="KZT", reason="upheld", reference=secret, paid_on=NOW, by=desk, at=NOW
        ),
        Rating.objects.create(consultation=talk, stars=4, words=secret, by=user, at=NOW),
        *(UploadStep.objects.create(upload=one, event="receive", at=NOW, by=one.owner) for one in (sent, answered)),
    ]  # fmt: skip
    rows: Rows = {}
    for row in made:
        rows.setdefault(type(row), set()).add(row.pk)
    return rows


def a_file(talk: Consultation, owner: User | None, name: str, **facts: Any) -> Upload:
    upload = Upload(
        scope=talk.files.scope, collection=talk.files.key, owner=owner, name=name, size=1, sha256=uuid.uuid4().hex,
        next_try_at=NOW, received_at=NOW, **facts,
    )  # fmt: skip
    upload.original.save("", ContentFile(name.encode()), save=False)
    upload.save()
    return upload


# ── Who looks ────────────────────────────────────────────────────────────────
CONSULTATION = {Consultation, ConsultationStep, Attempt, PresenceSpan}
QUALITY = {QualityClaim, ClaimAnswer, Rating, PaidBack}
TALK = CONSULTATION | {Message, CallSignal, Conclusion, ConclusionDocument, Upload, UploadStep}
ALL = TALK | QUALITY | {Draft, Dialling}
Looks = Callable[[Half], Viewer]


def the_patient(half: Half) -> Viewer:
    return viewer(half.patient)


def a_guardian(half: Half) -> Viewer:
    return viewer(with_access(half, AccessKind.GUARDIAN, AccessScope.FULL))


def somebody_with_less(half: Half) -> Viewer:
    return viewer(with_access(half, AccessKind.REPRESENTATIVE, AccessScope.LIMITED))


def who_saw_it_before(half: Half) -> Viewer:
    return viewer(with_access(half, AccessKind.GUARDIAN, AccessScope.FULL, until=NOW))


def another_patient(half: Half) -> Viewer:
    return viewer(a_person("another@example.kz"))


def the_doctor(half: Half) -> Viewer:
    return viewer(half.desk)


def another_doctor(half: Half) -> Viewer:
    colleague = a_person("colleague@example.kz", is_staff=True)
    a_doctor(colleague, organisation=half.doctor.organisation, slug="colleague")
    return viewer(colleague)


def an_operator(half: Half) -> Viewer:
    return viewer(a_member(StaffRole.OPERATOR, half.policy.insurer, "operator@example.kz"))


def a_coordinator(half: Half) -> Viewer:
    return viewer(a_member(StaffRole.COORDINATOR, half.policy.insurer, "zarina@example.kz"))


def an_auditor(half: Half) -> Viewer:
    return viewer(a_member(StaffRole.AUDITOR, half.policy.insurer, "saule@example.kz"))


def a_guest(half: Half) -> Viewer:
    return Viewer(AnonymousUser, given={"guest": [GUEST]})


def a_visitor(half: Half) -> Viewer:
    return Viewer(AnonymousUser)


def nobody(half: Half) -> Viewer:
    return NOBODY


def viewer(user: User | None) -> Viewer:
    return Viewer(lambda: user)


def with_access(half: Half, kind: AccessKind, scope: AccessScope, **until: Any) -> User:
    user = a_person("close@example.kz")
    Access.objects.create(user=user, person=half.policy.insured, kind=kind, scope=scope, proof="x", **until)
    return user


def found_by(looks: Viewer) -> Rows:
    """By questions without any condition: as if every filter of ours were forgotten."""
    with seen_by(looks):
        return {model: set(model._default_manager.values_list("pk", flat=True)) for model in ALL}
