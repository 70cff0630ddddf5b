"""A worker's round: each file has an answer, once, whoever dies; what is ours and away makes it wait."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core import tasks
from core.models import Upload
from core.uploads import checking
from core.uploads.checking import check_next_upload
from core.uploads.inspection import Kind, Refusal
from core.uploads.inspector import LONGEST
from core.uploads.queries import uploads_to_check
from core.uploads.rules import LEASE, MOST_TRIES, PAUSE, REASONS, Event, State
from core.uploads.services import withdraw_upload
from core.whole_files import WholeFileStorage
from tests.core.uploads.papers import pdf
from tests.core.uploads.pictures import heic, jpeg, jpeg_from_a_phone, png
from tests.core.uploads.sending import LATER, NOON, PHOTO, Disk, checked, sent
from tests.core.uploads.verdicts import verdict_on
from tests.peers.clamd import EICAR, Clamd
from tests.people import aigul

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(disk: Disk) -> User:
    return aigul()


# ── The answer ───────────────────────────────────────────────────────────────
def test_a_photo_is_accepted_and_its_copy_knows_no_place(sender: User, disk: Disk) -> None:
    upload = checked(sent(sender, jpeg_from_a_phone()))
    (copy,) = disk.derivatives
    assert (upload.state, upload.kind, upload.derivative_size) == (State.CLEAN, Kind.JPG, copy.stat().st_size)
    assert upload.decided_at == LATER
    assert b"Exif" not in copy.read_bytes()
    assert b"Exif" in disk.originals[0].read_bytes()  # evidence is what was sent
    assert [(step.event, step.by) for step in upload.steps.order_by("pk")] == [
        (Event.RECEIVE, sender), (Event.PASS, None),
    ]  # fmt: skip


def test_what_is_not_taken_is_refused_with_what_to_send_instead(sender: User, disk: Disk) -> None:
    upload = checked(sent(sender, bytes(128) + b"DICM", "CT-0001.dcm"))
    assert (upload.state, upload.refusal, disk.derivatives) == (State.REFUSED, Refusal.DICOM, [])
    assert "JPEG" in upload.reason
    assert upload.steps.get(event=Event.REFUSE).reason == Refusal.DICOM


def test_every_refusal_has_its_words() -> None:
    assert set(REASONS) == set(Refusal)


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("снимок.jpg", PHOTO, "снимок.jpg"),
        ("IMG_2041.HEIC", heic(), "IMG_2041.jpg"),
        ("выписка.pdf", png(), "выписка.png"),  # what a messenger renamed
        ("фото.exe", PHOTO, "фото.jpg"),
        ("без имени", pdf(), "без имени.pdf"),
        ("---", PHOTO, "file.jpg"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",  # a document that is made anew differs by its second
)
def test_the_ending_is_that_of_the_copy(sender: User, name: str, content: bytes, shown: str) -> None:
    with translation.override("en"):
        assert checked(sent(sender, content, name)).download_name == shown


def test_a_round_is_short_so_that_other_work_comes_to_its_turn(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "UPLOADS_A_ROUND", 2)
    for content in (b"1", b"2", b"3"):
        sent(sender, content)
    for left in (1, 0, 0):
        tasks.check_uploads()
        assert uploads_to_check() == left


def test_nothing_waits_and_nothing_is_done(sender: User) -> None:
    assert not check_next_upload(now=LATER)
    checked(sent(sender))
    assert not check_next_upload(now=LATER + timedelta(days=1))


# ── Workers that die ─────────────────────────────────────────────────────────
def killed_over(monkeypatch: pytest.MonkeyPatch, now: Any) -> None:
    """As a power cut in the middle of a check."""

    class Killed(BaseException):
        pass

    def dies(*arguments: object) -> bool:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(checking, "_check", dies)
        with pytest.raises(Killed):
            check_next_upload(now=now)


def test_what_a_killed_worker_held_is_checked_when_its_lease_is_over(
    sender: User, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sent(sender)
    killed_over(monkeypatch, NOON)
    assert not check_next_upload(now=NOON + LEASE - timedelta(seconds=1))
    assert checked(upload, now=NOON + LEASE).state == State.CLEAN
    assert len(disk.derivatives) == 1


def test_a_file_over_which_three_workers_died_is_refused(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    upload, now = sent(sender), NOON
    for _ in range(MOST_TRIES):
        killed_over(monkeypatch, now)
        now += LEASE
    assert checked(upload, now=now).refusal == Refusal.FAILED


def test_a_slow_worker_that_comes_second_decides_nothing_and_leaves_nothing(
    sender: User, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sent(sender)
    decides = checking._pass

    def after_another(*facts: Any) -> bool:
        monkeypatch.setattr(checking, "_pass", decides)
        assert check_next_upload(now=NOON + LEASE)
        return decides(*facts)

    monkeypatch.setattr(checking, "_pass", after_another)
    check_next_upload(now=NOON)
    upload.refresh_from_db()
    assert upload.steps.filter(event=Event.PASS).count() == 1
    assert [Path(upload.derivative.path)] == disk.derivatives


def test_what_is_taken_back_meanwhile_stays_taken_back(
    sender: User, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (PHOTO, b"MZ"):
        upload = sent(sender, content)
        with monkeypatch.context() as meanwhile:
            check = checking._check

            def takes_back(upload: Upload, now: Any, check: Any = check) -> None:
                withdraw_upload(upload=upload, by=sender, now=now)
                check(upload, now)

            meanwhile.setattr(checking, "_check", takes_back)
            assert checked(upload).state == State.FORGOTTEN
    assert disk.derivatives == []


def test_a_lease_outlasts_a_check() -> None:
    assert LEASE.total_seconds() > LONGEST + 4 * checking.antivirus.SECONDS


# ── What is ours and away ────────────────────────────────────────────────────
def test_without_room_for_the_copy_it_waits_and_is_never_given_up(
    sender: User, disk: Disk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    upload, now = sent(sender), NOON

    def is_full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(WholeFileStorage, "_write", is_full)
        for _ in range(MOST_TRIES + 2):
            assert checked(upload, now=now).state == State.QUARANTINED
            now += PAUSE
    assert "waits: NotSaved" in caplog.text
    assert checked(upload, now=now).state == State.CLEAN


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    with Clamd() as daemon:
        settings.CLAMAV_HOST, settings.CLAMAV_PORT = "127.0.0.1", daemon.port
        yield daemon


def test_a_virus_is_refused_and_a_photo_passes(sender: User, clamd: Clamd) -> None:
    infected, clean = sent(sender, EICAR, "eicar.pdf"), sent(sender)
    assert checked(infected).refusal == Refusal.INFECTED
    assert checked(clean).state == State.CLEAN
    assert clamd.heard == [EICAR, PHOTO]


def test_without_an_antivirus_the_same_file_is_told_from_its_kind(sender: User) -> None:
    """Control."""
    assert checked(sent(sender, EICAR)).refusal == Refusal.KIND


@pytest.mark.parametrize("mood", ["gone", "hangs up", "ERROR", "nonsense"])
def test_while_the_antivirus_is_away_files_wait_and_never_pass(
    sender: User, clamd: Clamd, mood: str, caplog: pytest.LogCaptureFixture
) -> None:
    upload = sent(sender)
    with clamd.in_the_mood(mood):
        now = NOON
        for _ in range(MOST_TRIES + 2):
            assert checked(upload, now=now).state == State.QUARANTINED
            now += PAUSE
    assert "waits: Unreachable" in caplog.text
    assert checked(upload, now=now).state == State.CLEAN


def test_an_antivirus_that_is_no_host_of_ours_is_not_asked(sender: User, clamd: Clamd, settings: Any) -> None:
    settings.OUTBOUND_HOSTS = []
    assert checked(sent(sender)).state == State.QUARANTINED
    assert clamd.heard == []


# ── Any bytes ────────────────────────────────────────────────────────────────
BEGINNINGS = [PHOTO, png(), heic(), pdf(), b"", bytes(128) + b"DICM"]


@st.composite
def mutilated(draw: st.DrawFn) -> bytes:
    """Something real with bytes of it changed, and more behind it."""
    content = bytearray(draw(st.sampled_from(BEGINNINGS)))
    for place, byte in draw(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=20)):
        if place < len(content):
            content[place] = byte
    return bytes(content)[: draw(st.integers(0, 5_000))] + draw(st.binary(max_size=300))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutilated())
def test_any_bytes_have_an_answer(content: bytes) -> None:
    verdict, copy = verdict_on(content)
    assert isinstance(verdict, Kind | Refusal)
    assert bool(copy) == isinstance(verdict, Kind)


def test_small_is_fine(sender: User) -> None:
    assert checked(sent(sender, jpeg(quality=1))).state == State.CLEAN
