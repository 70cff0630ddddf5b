"""The second wall: PostgreSQL shows nobody a foreign row, whatever the ORM asks for (adr/0046)."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model

from core.models import Upload, UploadStep
from core.rows.sights import GIVEN, SIGHTS, names
from core.rows.viewers import NOBODY, Viewer, also, seen_by
from core.rows.walls import Among, Through, walls
from core.uploads.rules import JOB as FILES
from policies.models import StaffMembership
from telemed.models import (
    Conclusion,
    Consultation,
    Dialling,
    Doctor,
    Draft,
    Message,
    Paper,
    PaperCopy,
    Rating,
    Stars,
    Traffic,
)
from telemed.rules import JOB as TELEMED
from tests.policies.conftest import originals
from tests.security.rows import (
    ALL,
    CONSULTATION,
    GUEST,
    QUALITY,
    TALK,
    Half,
    Looks,
    a_coordinator,
    a_file,
    a_guardian,
    a_guest,
    a_visitor,
    an_auditor,
    an_operator,
    another_doctor,
    another_patient,
    foreign,
    found_by,
    hers,
    nobody,
    noon,
    somebody_with_less,
    the_doctor,
    the_patient,
    who_saw_it_before,
)
from tests.telemed.factories import NOW, a_consultation

__all__ = ["foreign", "hers", "noon", "originals"]  # the fixtures: the story, its clock, where its files lie
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "originals")]


SIGHT: list[tuple[Looks, set[type[Model]]]] = [
    (the_patient, TALK | QUALITY),
    (a_guardian, TALK | QUALITY),
    (somebody_with_less, set()),
    (who_saw_it_before, set()),
    (another_patient, set()),
    (the_doctor, TALK | {Draft, Dialling}),
    (another_doctor, set()),
    (an_operator, CONSULTATION),
    (a_coordinator, CONSULTATION | QUALITY),
    (an_auditor, set()),
    (a_guest, set()),
    (a_visitor, set()),
    (nobody, set()),
]


@pytest.mark.parametrize(("looks", "sees"), SIGHT, ids=lambda part: getattr(part, "__name__", ""))
def test_whoever_looks_finds_their_own_rows_and_no_others(
    hers: Half, foreign: Half, looks: Looks, sees: set[type[Model]]
) -> None:
    found = found_by(looks(hers))
    assert found == {model: hers.rows[model] if model in sees else set() for model in ALL}


def test_a_doctor_sees_them_for_a_week_and_no_longer(hers: Half, noon: time_machine.Traveller) -> None:
    noon.move_to(NOW + timedelta(days=6, hours=23))
    assert found_by(the_doctor(hers))[Message]
    noon.move_to(NOW + timedelta(days=7))
    found = found_by(the_doctor(hers))
    assert {model for model in ALL if found[model]} == {Upload, UploadStep}  # what the doctor sent
    assert found[Upload] < hers.rows[Upload]


def test_a_guardian_sees_nothing_of_the_grown_up_child(hers: Half, noon: time_machine.Traveller) -> None:
    bota = a_guardian(hers)
    noon.move_to(datetime(2033, 3, 13, 18, tzinfo=UTC))
    assert found_by(bota.anew())[Consultation]
    noon.move_to(datetime(2033, 3, 13, 19, tzinfo=UTC))  # the birthday begins in Almaty
    assert not any(found_by(bota.anew()).values())


def test_a_role_that_is_taken_away_is_gone_with_the_next_look(hers: Half) -> None:
    zarina = a_coordinator(hers)
    assert found_by(zarina)[Rating]
    StaffMembership.objects.all().delete()
    assert not any(found_by(zarina.anew()).values())


def test_a_doctor_without_the_desk_of_one_sees_nothing(hers: Half) -> None:
    Doctor.objects.filter(pk=hers.doctor.pk).update(is_active=False)
    assert not found_by(the_doctor(hers))[Consultation]


def test_a_guest_sees_what_they_sent_and_nothing_else(hers: Half, foreign: Half) -> None:
    own = a_file(hers.consultation, None, "гость", guest=GUEST)
    a_file(hers.consultation, None, "другой", guest=uuid.uuid4())
    assert found_by(a_guest(hers))[Upload] == {own.pk}


@pytest.mark.parametrize(("job", "sees"), [(FILES, {Upload, UploadStep}), (TELEMED, CONSULTATION), ("letters", set())])
def test_a_job_sees_what_its_walls_name(hers: Half, foreign: Half, job: str, sees: set[type[Model]]) -> None:
    found = found_by(Viewer(job=job))
    for model in sees | {Message, Draft}:
        assert found[model] == (hers.rows[model] | foreign.rows[model] if model in sees else set())


# ── For a moment ─────────────────────────────────────────────────────────────
def test_whoever_attends_reads_conclusions_but_not_the_talk(hers: Half, foreign: Half) -> None:
    with seen_by(another_doctor(hers)):
        with also(attends=[hers.policy.insured.pk]):
            assert Conclusion.objects.get().pk in hers.rows[Conclusion]
            assert not Message.objects.exists()
            assert not Upload.objects.exists()
        assert not Conclusion.objects.exists()


def test_whoever_takes_the_next_sees_who_waits_and_nobody_else(hers: Half, foreign: Half) -> None:
    waiting = a_consultation(hers.patient, hers.policy)
    a_consultation(foreign.patient, foreign.policy)
    with seen_by(another_doctor(hers)), also(takes_from=[hers.policy.insurer_id]):
        assert Consultation.objects.get().pk == waiting.pk


def test_nobody_is_given_what_an_account_has_by_itself() -> None:
    with pytest.raises(KeyError, match="people"):
        also(people=[1])


# ── Windows ──────────────────────────────────────────────────────────────────
def test_anybody_counts_with_windows_which_name_nobody(hers: Half, foreign: Half) -> None:
    with seen_by(NOBODY):
        assert [model.objects.count() for model in (Traffic, Paper, PaperCopy, Stars)] == [2, 2, 2, 2]
    named = {field.name for model in (Traffic, Paper, PaperCopy, Stars) for field in model._meta.fields}
    assert not named & {"patient", "asked_by", "complaint", "words", "heard", "methods", "phone", "room", "by"}


@pytest.mark.parametrize("act", ["UPDATE telemed_traffic SET state = 'cancelled'", "DELETE FROM telemed_traffic"])
def test_nobody_writes_through_a_window(hers: Half, act: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(act)


# ── What is written ──────────────────────────────────────────────────────────
def test_nobody_writes_into_a_foreign_consultation(hers: Half, foreign: Half) -> None:
    with seen_by(the_patient(hers)):
        assert Consultation.objects.update(complaint="…") == 1
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Message.objects.create(consultation=foreign.consultation, side="patient", by=hers.patient, text="…", at=NOW)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Upload.objects.filter(owner=hers.patient).update(owner=foreign.patient, collection="x")
    foreign.consultation.refresh_from_db()
    assert foreign.consultation.complaint == "Секрет Даны"


# ── Which tables ─────────────────────────────────────────────────────────────
def test_whatever_hangs_on_a_walled_row_is_walled() -> None:
    """A new model with a foreign key to a consultation, a talk's file, a claim …"""
    walled = walls()
    bare = {
        model._meta.label
        for model in apps.get_models()
        if model not in walled and model._meta.managed
        for field in model._meta.fields
        if field.related_model in walled
    }
    assert bare == set()
    assert {model for model in walled if model._meta.app_label in ("telemed", "core")} == ALL


def test_every_wall_stands_in_the_database_and_binds_the_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        standing = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'seen' AND cmd = 'ALL'")
        told = {name for (name,) in cursor.fetchall()}
    assert standing == told == {model._meta.db_table for model in walls()}


def test_every_sight_of_a_wall_is_somebodys() -> None:
    for wall in walls().values():
        for reason in [*wall.seen_by, *(wall.files.seen_by if wall.files else ())]:
            among = reason.seen_by if isinstance(reason, Through) else [reason]
            assert {one.sight for one in among if isinstance(one, Among)} <= set(names())
    assert not GIVEN & set(SIGHTS)
