"""Who looks is told to PostgreSQL with each transaction, by pages, streams and jobs alike, and is gone with it (adr/0046)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.db.models import Value
from django.utils.module_loading import import_string

from core.models import Upload
from core.rows.viewers import NOBODY, Viewer, in_one_look, present, seen_by, working
from core.rows.walls import meets_a_wall
from core.tasks import check_uploads, forget_uploads
from policies.rules import StaffRole
from telemed import tasks
from telemed.models import (
    CallSignal,
    ConclusionDocument,
    Consultation,
)
from telemed.models.consultations import ConsultationQuerySet
from telemed.rules import State
from tests.people import a_member, insured_browser, staff_browser
from tests.policies.conftest import originals
from tests.security.rows import Half, foreign, hers, noon, the_patient
from tests.telemed.factories import NOW, a_consultation
from tests.walls import pulled_down, seen_by_anybody

__all__ = ["foreign", "hers", "noon", "originals"]  # the fixtures: the story, its clock, where its files lie
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "originals")]


def breaks_off() -> None:
    """Something was read, and then it went wrong."""
    with transaction.atomic():
        assert Consultation.objects.count() == 1
        raise RuntimeError


# ── As pages and connections have it ─────────────────────────────────────────
@pytest.mark.parametrize("part", ["", "files/"])
def test_with_the_filter_patched_out_a_stranger_still_finds_no_page(
    hers: Half, foreign: Half, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(ConsultationQuerySet, "visible_to", lambda rows, user, now: rows)
    monkeypatch.setattr(ConsultationQuerySet, "of_doctor", lambda rows, user, now: rows)
    at = f"consultations/{foreign.consultation.public_id}/{part}"
    stranger, doctor = insured_browser(hers.patient), staff_browser(hers.desk)
    assert [stranger.get(f"/doctor/{at}").status_code, doctor.get(f"/desk/{at}").status_code] == [404, 404]
    seen_by_anybody(monkeypatch)
    answers = [stranger.get(f"/doctor/{at}"), doctor.get(f"/desk/{at}")]
    assert all("Секрет Даны" in answer.text for answer in answers)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_with_the_policies_dropped_the_stranger_reads_it_all(
    hers: Half, foreign: Half, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ConsultationQuerySet, "visible_to", lambda rows, user, now: rows)
    address = f"/doctor/consultations/{foreign.consultation.public_id}/"
    stranger = insured_browser(hers.patient)
    assert stranger.get(address).status_code == 404
    with pulled_down():
        assert "Секрет Даны" in stranger.get(address).text
    assert stranger.get(address).status_code == 404


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_viewer_is_gone_with_the_transaction_whatever_ends_it(hers: Half, foreign: Half) -> None:
    def left() -> tuple[Any, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nullif(current_setting('rows.people', true), ''), count(*) FROM telemed_consultation"
            )
            (found,) = cursor.fetchall()
        return found

    kept = connection.connection
    with seen_by(NOBODY):
        with seen_by(the_patient(hers)):
            assert Consultation.objects.count() == 1  # alone, in a transaction of its own
        assert left() == (None, 0)
        with seen_by(the_patient(hers)), in_one_look():
            assert Consultation.objects.count() == 1
            assert connection.in_atomic_block
        assert left() == (None, 0)
        with pytest.raises(RuntimeError), seen_by(the_patient(hers)):
            breaks_off()
        assert left() == (None, 0)
        with transaction.atomic(), seen_by(the_patient(hers)):
            with pytest.raises(RuntimeError):
                breaks_off()
            assert Consultation.objects.count() == 1  # the savepoint took with it what was told inside
            with pytest.raises(RuntimeError):
                breaks_off()
            with seen_by(NOBODY):
                assert not Consultation.objects.exists()  # what was told before it is there again
        assert left() == (None, 0)
    assert connection.connection is kept


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_viewers_of_one_transaction_each_see_their_own(hers: Half, foreign: Half) -> None:
    with transaction.atomic():
        for one in (hers, foreign, hers):
            with seen_by(the_patient(one)):
                assert Consultation.objects.get().pk == one.consultation.pk
        with seen_by(NOBODY):
            assert not Consultation.objects.exists()


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_the_owner_sees_nothing_by_accident(hers: Half) -> None:
    with connections["owner"].cursor() as owner:
        for job, rows in ((NOBODY, 0), (Viewer(job="house"), 1)):
            with seen_by(job):
                owner.execute("SELECT count(*) FROM telemed_message")
                assert owner.fetchone() == (rows,)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_is_sent_while_it_is_read_is_seen_by_whoever_asked(hers: Half, foreign: Half) -> None:
    zarina = a_member(StaffRole.COORDINATOR, hers.policy.insurer, "zarina@example.kz")
    facts = {"what": "list", "kind": "csv", "reason": "сверка", "first": "2026-11-01", "last": "2026-11-21"}
    with seen_by(NOBODY):
        answer = staff_browser(zarina).post("/assistance/export/", facts)
        file = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert hers.consultation.number in file
    assert foreign.consultation.number not in file


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_after_a_statement_that_failed_the_next_page_is_answered(hers: Half, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look is one transaction, and PostgreSQL goes on with none that has failed."""
    patient = insured_browser(hers.patient)
    patient.raise_request_exception = False
    address = f"/doctor/consultations/{hers.consultation.public_id}/"
    by_nothing = Consultation.objects.annotate(none=Value(1) / 0)
    with monkeypatch.context() as broken:
        broken.setattr("telemed.views.talk.talk_of", lambda *facts, **more: list(by_nothing))
        assert patient.get(address).status_code == 500
    assert patient.get(address).status_code == 200


def test_a_page_costs_one_statement_more_and_none_where_there_is_no_wall(
    hers: Half, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, tell = list[Viewer](), Viewer.tell

    def noted(viewer: Viewer, *how: Any) -> Any:
        told.append(viewer)
        return tell(viewer, *how)

    monkeypatch.setattr(Viewer, "tell", noted)
    patient, address = insured_browser(hers.patient), f"/doctor/consultations/{hers.consultation.public_id}/"
    with working("letters"):
        assert patient.get(address).status_code == 200
        assert len(told) == 1
        assert patient.get("/accounts/profile/").status_code == 200
        assert len(told) == 1


# ── Work without an account ──────────────────────────────────────────────────
def test_no_periodic_work_comes_to_a_wall_as_nobody(settings: Any) -> None:
    """It would find nothing to do, for ever."""
    nameless: list[tuple[str, str]] = []
    walled: set[str] = set()

    def noting(execute: Callable[..., Any], sql: str, *how: Any) -> Any:
        if meets_a_wall(sql):
            (walled.add(task) if present().job else nameless.append((task, sql)))
        return execute(sql, *how)

    with seen_by(NOBODY), connection.execute_wrapper(noting):
        for task in sorted({entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}):
            import_string(task)()
    assert nameless == []
    assert walled >= {"core.tasks.check_uploads", "core.tasks.forget_uploads", "telemed.tasks.make_conclusions"}


def test_the_clock_goes_on_while_nobody_looks(hers: Half, noon: time_machine.Traveller) -> None:
    calling = a_consultation(hers.patient, hers.policy, State.CALLING, doctor=hers.doctor, called_at=NOW)
    noon.move_to(NOW + timedelta(days=30))
    with seen_by(NOBODY):
        for task in (tasks.keep_times, tasks.accept_consultations, tasks.forget_signals, check_uploads, forget_uploads):
            task()
        tasks.make_conclusions()
    Consultation.objects.get(pk=calling.pk, state=State.UNANSWERED)
    Consultation.objects.get(pk=hers.consultation.pk, state=State.TALKED)
    assert not CallSignal.objects.exists()
    assert ConclusionDocument.objects.get().tries == 1
    assert not Upload.objects.exclude(original="").exists()
