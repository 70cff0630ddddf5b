"""A file comes in: kept as it came, counted, once. And what nobody needs goes."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.models import User
from core.errors import InputError
from core.models import AppendOnly, Upload, UploadStep
from core.uploads import rules, services
from core.uploads.inspection import MIB
from core.uploads.queries import uploads_of
from core.uploads.rules import ABANDONED_AFTER, MOST_A_DAY, Collection, Event, State, WrongMoment
from core.uploads.services import attach_uploads, forget_uploads, hand_over_uploads, withdraw_upload
from core.whole_files import NotSaved, WholeFileStorage
from tests.core.uploads.sending import LATER, NOON, PHOTO, TALK, Disk, checked, sent
from tests.people import aigul, dana, oksana

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(disk: Disk) -> User:
    return aigul()


def refusal_of(by: User, content: bytes = b"x", **facts: object) -> str:
    with pytest.raises(InputError) as refused:
        sent(by, content, **facts)  # type: ignore[arg-type]
    return refused.value.code


# ── Kept as it came ──────────────────────────────────────────────────────────
def test_a_sent_file_waits_for_its_check_under_a_name_that_its_sender_did_not_choose(sender: User, disk: Disk) -> None:
    upload = sent(sender, PHOTO, "../../etc/снимок колена.JPG")
    (file,) = disk.originals
    assert file.read_bytes() == PHOTO
    assert file.relative_to(disk.folder / "originals").parts[0] == "nsk"
    assert uuid.UUID(file.name)
    assert (upload.state, upload.name, upload.size) == (State.QUARANTINED, "снимок колена.JPG", len(PHOTO))
    assert upload.sha256 == hashlib.sha256(PHOTO).hexdigest()
    assert [(step.event, step.by) for step in upload.steps.all()] == [(Event.RECEIVE, sender)]


def test_a_guest_may_send_too(disk: Disk) -> None:
    guest = uuid.uuid4()
    assert sent(None, guest=guest).guest == guest


def test_a_file_of_nobody_or_of_two_is_none(sender: User) -> None:
    for owner, guest in ((None, None), (sender, uuid.uuid4())):
        with pytest.raises(IntegrityError, match="upload_of_an_account_or_a_guest"), transaction.atomic():
            sent(owner, guest=guest)


def test_history_is_only_added_to() -> None:
    assert issubclass(UploadStep, AppendOnly)


# ── At the door ──────────────────────────────────────────────────────────────
def test_an_empty_or_too_large_file_is_not_kept(sender: User, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_BYTES", 1_000)
    assert refusal_of(sender, b"") == "empty"
    assert refusal_of(sender, b"x" * 1_001) == "too_large"
    assert disk.originals == []
    sent(sender, b"x" * 1_000)


def test_the_bounds_are_those_of_the_paper() -> None:
    assert (rules.MOST_BYTES, rules.MOST_FILES, rules.MOST_BYTES_OF_OWNER) == (20 * MIB, 50, 500 * MIB)


def test_a_collection_is_full_until_one_is_taken_back_or_refused(sender: User) -> None:
    two = Collection("nsk", "test.talk:2", most_files=2)
    first, _second = sent(sender, b"1", into=two), sent(sender, PHOTO, into=two)
    assert refusal_of(sender, b"3", into=two) == "too_many"
    checked(first)
    assert first.state == State.REFUSED
    third = sent(sender, b"3", into=two)
    assert refusal_of(sender, b"4", into=two) == "too_many"
    withdraw_upload(upload=third, by=sender, now=NOON)
    sent(sender, b"4", into=two)


def test_one_person_fills_so_many_bytes_and_no_more(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_BYTES_OF_OWNER", 10)
    sent(sender, b"12345")
    assert refusal_of(sender, b"123456", into=Collection("sogaz", "test.claim:1")) == "no_room"
    sent(sender, b"54321")
    sent(dana(), b"123456")


def test_staff_who_send_to_many_people_for_years_are_not_full_one_day(
    sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_BYTES_OF_OWNER", 10)
    doctor = oksana()
    for number in range(3):
        sent(doctor, b"%06d" % number, into=Collection("nsk", f"test.talk:{number}"))


def test_one_person_sends_so_many_files_a_day(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_A_DAY", 2)
    for content in (b"1", b"2"):
        sent(sender, content)
    assert refusal_of(sender, b"3") == "too_often"
    sent(sender, b"3", now=NOON + timedelta(days=1))
    assert MOST_A_DAY >= 50  # the whole of a claim on one day


# ── The same again ───────────────────────────────────────────────────────────
def test_a_network_that_tried_twice_sent_once(sender: User, disk: Disk) -> None:
    assert sent(sender).pk == sent(sender, name="again.jpg").pk
    assert len(disk.originals) == Upload.objects.count() == 1


def test_for_something_else_the_same_file_is_another(sender: User, disk: Disk) -> None:
    assert sent(sender).pk != sent(sender, into=Collection("nsk", "test.talk:2")).pk


def test_what_was_refused_may_be_sent_again(sender: User) -> None:
    refused = checked(sent(sender, b"MZ"))
    assert sent(sender, b"MZ").pk != refused.pk


def test_two_rows_of_one_file_are_refused_by_the_database(sender: User) -> None:
    twin = sent(sender)
    twin.pk, twin.public_id = None, uuid.uuid4()
    with pytest.raises(IntegrityError, match="upload_once_a_collection"), transaction.atomic():
        twin.save()


# ── Sent before what it belongs to exists ────────────────────────────────────
def test_what_was_sent_before_lies_with_the_thing_once_that_exists(sender: User, disk: Disk) -> None:
    before, consultation = Collection("nsk", "test.unsent:1"), Collection("sogaz", "test.talk:7")
    clean, refused = checked(sent(sender, into=before)), checked(sent(sender, b"MZ", into=before))
    waits, gone = sent(sender, b"3", into=before), sent(sender, b"4", into=before)
    withdraw_upload(upload=gone, by=sender, now=NOON)
    hand_over_uploads(of=before, into=consultation, now=LATER)
    assert uploads_of(before) == []
    assert [one.pk for one in uploads_of(consultation)] == [clean.pk, refused.pk, waits.pk]
    assert {one.kept_at for one in uploads_of(consultation) if one.state != State.REFUSED} == {LATER}
    assert checked(waits).scope == "sogaz"  # whoever checks it finds it where it lies now


def test_what_is_there_already_does_not_come_twice(sender: User) -> None:
    before = Collection("nsk", "test.unsent:1")
    there, again = sent(sender), sent(sender, into=before)
    hand_over_uploads(of=before, into=TALK, now=LATER)
    assert uploads_of(TALK) == [there]
    assert uploads_of(before) == [again]


# ── A disk without room, a fault in between ──────────────────────────────────
def test_a_full_disk_leaves_neither_a_row_nor_a_file(
    sender: User, disk: Disk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def is_full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(WholeFileStorage, "_write", is_full)
        with pytest.raises(NotSaved):
            sent(sender)
    assert "No space left" in caplog.text
    assert (Upload.objects.count(), disk.originals) == (0, [])
    assert sent(sender)


def test_a_fault_behind_the_file_takes_it_away(sender: User, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Exception):
        pass

    def breaks(*arguments: object, **facts: object) -> None:
        raise Broken

    monkeypatch.setattr(services, "_step", breaks)
    with pytest.raises(Broken):
        sent(sender)
    assert (Upload.objects.count(), disk.originals) == (0, [])


# ── Staying or going ─────────────────────────────────────────────────────────
def test_what_nobody_attaches_goes_after_a_week_and_what_is_attached_stays(sender: User, disk: Disk) -> None:
    kept, left = sent(sender), sent(sender, b"2", into=Collection("nsk", "test.talk:2"))
    assert attach_uploads(into=TALK, now=LATER) == 1
    assert attach_uploads(into=TALK, now=LATER) == 0
    assert forget_uploads(now=NOON + ABANDONED_AFTER) == 0
    assert forget_uploads(now=NOON + ABANDONED_AFTER + timedelta(seconds=1)) == 1
    left.refresh_from_db()
    assert (left.state, left.name, left.original.name) == (State.FORGOTTEN, "", "")
    assert [file.read_bytes() for file in disk.originals] == [PHOTO]
    assert [step.event for step in left.steps.order_by("pk")] == [Event.RECEIVE, Event.EXPIRE]
    assert forget_uploads(now=NOON + 10 * ABANDONED_AFTER) == 0
    kept.refresh_from_db()
    assert kept.kept_at == LATER


def test_a_clean_copy_goes_with_its_original(sender: User, disk: Disk) -> None:
    checked(sent(sender))
    assert len(disk.derivatives) == 1
    forget_uploads(now=NOON + 2 * ABANDONED_AFTER)
    assert disk.originals == disk.derivatives == []


def test_what_was_taken_back_leaves_the_disk_with_the_next_round(sender: User, disk: Disk) -> None:
    upload = sent(sender)
    withdraw_upload(upload=upload, by=sender, now=LATER)
    assert forget_uploads(now=LATER) == 1
    assert disk.originals == []
    with pytest.raises(WrongMoment):
        withdraw_upload(upload=upload, by=sender, now=LATER)


def test_what_is_attached_is_not_taken_back(sender: User) -> None:
    upload = sent(sender)
    attach_uploads(into=TALK, now=LATER)
    with pytest.raises(WrongMoment):
        withdraw_upload(upload=upload, by=sender, now=LATER)


def test_a_refused_original_goes_after_its_week_though_its_collection_is_attached(sender: User, disk: Disk) -> None:
    upload = sent(sender, b"MZ")
    attach_uploads(into=TALK, now=NOON)
    checked(upload)
    attach_uploads(into=TALK, now=LATER)
    assert forget_uploads(now=NOON + 2 * ABANDONED_AFTER) == 1
    assert disk.originals == []


def test_a_file_that_cannot_be_deleted_is_due_again_and_holds_up_nobody(
    sender: User, disk: Disk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    withdraw_upload(upload=sent(sender), by=sender, now=NOON)
    other = sent(sender, b"2")
    withdraw_upload(upload=other, by=sender, now=NOON)
    delete = WholeFileStorage.delete

    def locked(storage: WholeFileStorage, name: str) -> None:
        if name == other.original.name:
            raise PermissionError(13, "Permission denied")
        delete(storage, name)

    with monkeypatch.context() as broken:
        broken.setattr(WholeFileStorage, "delete", locked)
        assert forget_uploads(now=LATER) == 1
    assert "cannot be deleted: Permission denied" in caplog.text
    assert [file.read_bytes() for file in disk.originals] == [b"2"]
    assert forget_uploads(now=LATER) == 1


def test_a_file_that_went_without_its_row_is_forgotten_all_the_same(sender: User, disk: Disk) -> None:
    """A commit that failed behind the deletion: the second time there is nothing left to delete."""
    withdraw_upload(upload=sent(sender), by=sender, now=NOON)
    disk.originals[0].unlink()
    assert forget_uploads(now=LATER) == 1


# ── The table of states ──────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("state", "event", "then"),
    [
        (State.QUARANTINED, Event.PASS, State.CLEAN),
        (State.QUARANTINED, Event.REFUSE, State.REFUSED),
        (State.CLEAN, Event.EXPIRE, State.FORGOTTEN),
        (State.REFUSED, Event.WITHDRAW, State.FORGOTTEN),
    ],
)
def test_a_state_leads_to_the_next(state: State, event: Event, then: State) -> None:
    assert rules.next_state(state, event) == then


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (State.REFUSED, Event.PASS),
        (State.CLEAN, Event.REFUSE),
        (State.FORGOTTEN, Event.PASS),
        (State.FORGOTTEN, Event.EXPIRE),
    ],
)
def test_other_ways_there_are_none(state: State, event: Event) -> None:
    with pytest.raises(WrongMoment):
        rules.next_state(state, event)


@pytest.mark.parametrize("facts", [{"state": "clean"}, {"state": "refused"}, {"refusal": "kind"}])
def test_a_state_without_its_facts_is_refused_by_the_database(sender: User, facts: dict[str, str]) -> None:
    upload = sent(sender)
    with pytest.raises(IntegrityError, match="upload_"), transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(**facts)


def test_a_file_of_django_is_streamed_whatever_it_is(sender: User, disk: Disk) -> None:
    """The name may be missing altogether."""
    file = SimpleUploadedFile("x", PHOTO)
    file.name = None
    upload = services.accept_upload(file=file, into=TALK, by=sender, now=NOON)
    assert (upload.name, len(disk.originals)) == ("", 1)
