"""Files of a consultation: sent with the request or the booking, as messages later; what became of each is read at both
sides. Who may is asked in test_who_talks."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.models import Upload
from core.uploads.checking import check_next_upload
from core.uploads.queries import uploads_of
from core.uploads.rules import ABANDONED_AFTER, State
from core.uploads.services import forget_uploads
from policies.models import Access, Policy
from policies.rules import AccessKind, AccessScope, Rendering
from telemed.models import Consultation, Message
from telemed.queries.files import unsent_files
from telemed.queries.patients import patients_of
from telemed.rules import FILES, FILES_BEFORE, OPEN_TO_MESSAGES, Side
from telemed.rules import State as TalkState
from telemed.services.files import say_files
from tests.core.uploads.conftest import disk
from tests.core.uploads.pictures import jpeg, png
from tests.core.uploads.sending import Disk
from tests.forms import sends
from tests.people import aigul, dana, insured_browser, oksana, staff_browser, yerlan
from tests.queries import statements
from tests.telemed.factories import NOW, a_consultation, a_covered_patient, a_doctor, a_specialist, open_hours

__all__ = ["disk"]  # the fixture: where the files lie
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "disk")]
REQUEST = "/doctor/request/"
DICOM = bytes(128) + b"DICM"
SCAN = "Send the picture as a JPEG or PDF: ask the clinic for it, or photograph the screen."
TUESDAY = datetime(2026, 11, 24, 5, tzinfo=UTC)  # 10:00 in Almaty


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    policy = a_covered_patient(user)
    User.objects.filter(pk=user.pk).update(language="en")
    return policy


@pytest.fixture
def hers(user: User, policy: Policy) -> Client:
    return insured_browser(user)


@pytest.fixture
def waiting(user: User, policy: Policy) -> Consultation:
    return a_consultation(user, policy)


def photo(name: str = "IMG_1.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if content is None else content)


def checked() -> None:
    while check_next_upload(now=NOW):
        continue


def told(user: User, **more: Any) -> dict[str, Any]:
    choice = patients_of(user, now=NOW)[0].choices[0]
    return {"whom": choice.key, "complaint": "Третий день болит горло", "language": "ru"} | more


def beside(policy: Policy) -> str:
    return reverse("telemed:unsent_files", args=[policy.insured.public_id])


def at(consultation: Consultation, room: str = "", side: str = "doctor") -> str:
    return f"/{side}/consultations/{consultation.public_id}/{room}"


def names(answer: Any) -> list[str]:
    """Of the files that a page lists."""
    listed = answer.text.partition("data-received")[2].partition("</ul>")[0]
    return re.findall(r"<(?:b|a [^>]*)>([^<]+)</", listed)


# ── Sent with a request ──────────────────────────────────────────────────────
def test_a_request_brings_its_files_along(hers: Client, user: User) -> None:
    sends(hers, REQUEST, told(user, attachments=[photo(), photo("b.png", png())]))
    made = Consultation.objects.get()
    assert [(one.name, one.kept_at) for one in uploads_of(made.files)] == [("IMG_1.jpg", NOW), ("b.png", NOW)]
    assert names(hers.get(made.get_absolute_url())) == ["IMG_1.jpg", "b.png"]
    assert not Message.objects.exists()  # they belong to what was told before


def test_files_that_left_before_the_form_go_with_it_and_what_is_refused_says_what_to_do(
    hers: Client, user: User, policy: Policy
) -> None:
    for file in (photo(), photo("CT.dcm", DICOM)):
        assert hers.post(beside(policy), {"attachments": [file]}).status_code == 200
    checked()
    listed = hers.get(beside(policy)).text
    assert SCAN in listed
    assert "Checked and accepted" in listed
    sends(hers, REQUEST, told(user))
    page = hers.get(Consultation.objects.get().get_absolute_url())
    assert names(page) == ["IMG_1.jpg", "CT.dcm"]
    assert SCAN in page.text
    assert uploads_of(unsent_files(user, policy.insured)) == []


def test_a_slip_in_the_form_loses_no_file_and_a_wrong_file_no_word(hers: Client, user: User, policy: Policy) -> None:
    page = sends(hers, REQUEST, told(user, complaint="", allergies="Пенициллин", attachments=[photo()]))
    assert names(page) == ["IMG_1.jpg"]
    assert "Пенициллин" in page.text
    page = sends(hers, REQUEST, told(user, attachments=[photo("пусто.jpg", b"")]))
    assert "«пусто.jpg»: The file is empty." in page.text
    assert "Третий день болит горло" in page.text
    assert not Consultation.objects.exists()


def test_taking_a_file_away_without_a_script_loses_no_word_and_blames_nobody(
    hers: Client, user: User, policy: Policy
) -> None:
    hers.post(beside(policy), {"attachments": [photo()]})
    away = re.findall(r'formaction="(.+?)"', hers.get(REQUEST).text)[0]
    page = sends(hers, REQUEST + away, told(user, complaint="", allergies="Пенициллин"))
    assert "Пенициллин" in page.text
    assert "Fill in" not in page.text
    assert names(page) == []
    assert sends(hers, REQUEST + away, told(user)).status_code == 200  # once more: it is gone already
    assert not Consultation.objects.exists()
    hers.get(REQUEST + away)  # by GET nothing is taken away
    assert Upload.objects.get().state == State.FORGOTTEN


def test_what_was_never_sent_is_deleted_after_a_week_and_what_was_is_kept(
    hers: Client, user: User, policy: Policy, disk: Disk
) -> None:
    sends(hers, REQUEST, told(user, attachments=[photo()]))
    hers.post(beside(policy), {"attachments": [photo("b.png", png())]})
    assert forget_uploads(now=NOW + ABANDONED_AFTER + timedelta(seconds=1)) == 1
    assert len(disk.originals) == 1


def test_beside_a_form_there_is_room_for_so_many(hers: Client, user: User, policy: Policy) -> None:
    files = [photo(f"{number}.bin", b"%d" % number) for number in range(FILES_BEFORE)]
    hers.post(beside(policy), {"attachments": files})
    answer = hers.post(beside(policy), {"attachments": [photo()]})
    assert (answer.status_code, "20 files already" in answer.text) == (422, True)


# ── Sent with a booking ──────────────────────────────────────────────────────
@pytest.fixture
def appointment(policy: Policy) -> str:
    open_hours(a_specialist(yerlan(), insurer=policy.insurer))
    return reverse("telemed:appointment", args=[policy.insured.public_id, "specialist"])


BOOKED = {
    "complaint": "Болит голова", "language": "ru", "slot": f"ospanov.{int(TUESDAY.timestamp())}", "price": "0.00",
}  # fmt: skip


def test_a_booking_brings_its_files_along(hers: Client, policy: Policy, appointment: str) -> None:
    hers.post(beside(policy), {"attachments": [photo()]})
    page = hers.get(appointment, {"slot": BOOKED["slot"]})
    received = re.findall(r'name="received" value="(.+?)"', page.text)
    hers.post(appointment, BOOKED | {"received": received, "attachments": [photo("b.png", png())]})
    made = Consultation.objects.get()
    assert [one.name for one in uploads_of(made.files)] == ["IMG_1.jpg", "b.png"]
    assert names(hers.get(made.get_absolute_url())) == ["IMG_1.jpg", "b.png"]


def test_a_booking_with_files_costs_three_statements_more(hers: Client, policy: Policy, appointment: str) -> None:
    hers.post(beside(policy), {"attachments": [photo()]})
    with statements() as made:
        hers.post(appointment, BOOKED | {"received": ["anything"]})
    assert Consultation.objects.get()
    assert len(made) == 9, made  # the lock, what comes, that it stays


def test_a_slip_in_a_booking_loses_neither_file_nor_word(hers: Client, policy: Policy, appointment: str) -> None:
    page = hers.post(appointment, BOOKED | {"complaint": "", "allergies": "Пенициллин", "attachments": [photo()]})
    assert names(page) == ["IMG_1.jpg"]
    away = re.findall(r'formaction="(.+?)"', page.text)[0]
    page = hers.post(appointment + away, BOOKED | {"complaint": "", "allergies": "Пенициллин"})
    assert names(page) == []
    assert "Пенициллин" in page.text
    assert "Fill in" not in page.text


# ── Whose they are before ────────────────────────────────────────────────────
def test_what_lies_beside_a_form_is_seen_by_its_sender_alone(hers: Client, user: User, policy: Policy) -> None:
    """Also not by somebody else who sees the same person."""
    hers.post(beside(policy), {"attachments": [photo()]})
    checked()
    own = reverse("telemed:unsent_file", args=[policy.insured.public_id, Upload.objects.get().public_id])
    assert hers.get(own).headers["Content-Disposition"].startswith("inline;")
    full = {"kind": AccessKind.REPRESENTATIVE, "scope": AccessScope.FULL, "proof": "invitation"}
    helper = Access.objects.create(user=dana(), person=policy.insured, **full).user
    helpers = insured_browser(helper)
    assert helpers.get(own).status_code == 404
    assert names(helpers.get(beside(policy))) == []
    assert names(hers.get(beside(policy))) == ["IMG_1.jpg"]


def test_a_stranger_sends_nothing_beside_somebodys_form(policy: Policy) -> None:
    stranger = insured_browser(dana())
    assert stranger.get(beside(policy)).status_code == 404
    assert stranger.post(beside(policy), {"attachments": [photo()]}).status_code == 404
    assert Client().post(beside(policy)).status_code == 302
    assert not Upload.objects.exists()


# ── Sent as messages ─────────────────────────────────────────────────────────
@pytest.fixture
def doctor(policy: Policy) -> User:
    return oksana()


@pytest.fixture
def talking(user: User, policy: Policy, doctor: User) -> Consultation:
    return a_consultation(user, policy, TalkState.TALKING, doctor=a_doctor(doctor, insurer=policy.insurer))


def test_each_side_sends_and_both_read_whose_it_is(hers: Client, talking: Consultation, doctor: User) -> None:
    theirs = staff_browser(doctor)
    hers.post(at(talking, "files/"), {"attachments": [photo()]})
    theirs.post(at(talking, "files/", "desk"), {"attachments": [photo("b.png", png())]})
    assert list(Message.objects.values_list("side", "by__email", "upload__name")) == [
        (Side.PATIENT, "aigul@example.kz", "IMG_1.jpg"), (Side.DOCTOR, "oksana@example.kz", "b.png"),
    ]  # fmt: skip
    for browser, side in ((hers, "doctor"), (theirs, "desk")):
        page = browser.get(at(talking, side=side))
        assert names(page) == ["IMG_1.jpg", "b.png"]
        for upload in Upload.objects.all():
            assert f'href="{at(talking, "files/", side)}{upload.public_id}/" target="_blank"' in page.text


def test_the_doctor_reads_at_the_desk_how_each_file_stands_and_opens_what_is_clean(
    hers: Client, user: User, talking: Consultation, doctor: User
) -> None:
    for file in (photo(), photo("CT.dcm", DICOM)):
        hers.post(at(talking, "files/"), {"attachments": [file]})
    checked()
    hers.post(at(talking, "files/"), {"attachments": [photo("late.png", png())]})
    User.objects.filter(pk=doctor.pk).update(language="en")
    theirs = staff_browser(doctor)
    page = theirs.get(at(talking, side="desk")).text
    for word in ("Checked and accepted", "Not accepted", "Being checked", SCAN):
        assert word in page
    clean, refused, late = Upload.objects.order_by("pk")
    answer = theirs.get(at(talking, f"files/{clean.public_id}/", "desk"))
    assert answer.headers["Content-Disposition"].startswith("inline;")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    for other in (refused, late):
        assert theirs.get(at(talking, f"files/{other.public_id}/", "desk")).url == at(talking, "#files", "desk")
    assert theirs.get(at(talking, f"files/{uuid4()}/", "desk")).status_code == 404


def test_another_consultations_file_is_not_reached_through_this_one(
    hers: Client, user: User, policy: Policy, waiting: Consultation
) -> None:
    other = a_consultation(user, policy, close_one="Мама")
    hers.post(at(other, "files/"), {"attachments": [photo()]})
    checked()
    (upload,) = uploads_of(other.files)
    assert hers.get(at(other, f"files/{upload.public_id}/")).status_code == 200
    assert hers.get(at(waiting, f"files/{upload.public_id}/")).status_code == 404


@pytest.mark.parametrize("state", TalkState)
def test_files_are_taken_while_messages_are_and_read_afterwards(
    hers: Client, talking: Consultation, state: TalkState
) -> None:
    hers.post(at(talking, "files/"), {"attachments": [photo()]})
    Consultation.objects.update(state=state, ended_at=NOW, rendered_at=NOW, rendered_as=Rendering.HELD)
    answer = hers.post(at(talking, "files/"), {"attachments": [photo("b.png", png())]})
    by_hand = hers.post(at(talking, "files/new/"), {"attachments": [photo("c.png", png("L"))]})
    if state in OPEN_TO_MESSAGES:
        assert (answer.status_code, by_hand.status_code, Message.objects.count()) == (200, 302, 3)
    else:
        assert (answer.status_code, by_hand.status_code, Upload.objects.count()) == (422, 200, 1)
        assert "The consultation has ended" in answer.text
        assert "The consultation has ended" in by_hand.text
    assert "IMG_1.jpg" in names(hers.get(talking.get_absolute_url()))


def test_without_a_script_a_page_of_its_own_sends_them(hers: Client, waiting: Consultation) -> None:
    page = hers.get(waiting.get_absolute_url()).text
    assert f'<noscript><p><a href="{at(waiting, "files/new/")}">' in page
    assert "Fill in" in hers.post(at(waiting, "files/new/"), {}).text
    answer = hers.post(at(waiting, "files/new/"), {"attachments": [photo(), photo("пусто.jpg", b"")]})
    assert "«пусто.jpg»: The file is empty." in answer.text
    assert Message.objects.get().upload.name == "IMG_1.jpg"  # the other one came
    assert hers.post(at(waiting, "files/new/"), {"attachments": [photo("b.png", png())]}).url == at(waiting)


def test_the_same_file_twice_is_one_message(hers: Client, waiting: Consultation, user: User) -> None:
    for name in ("IMG_1.jpg", "again.jpg"):
        assert hers.post(at(waiting, "files/"), {"attachments": [photo(name)]}).status_code == 200
    say_files(consultation=waiting, now=NOW)
    assert Message.objects.count() == 1


def test_a_consultation_has_room_for_so_many(hers: Client, waiting: Consultation) -> None:
    hers.post(at(waiting, "files/"), {"attachments": [photo(f"{n}.bin", b"%d" % n) for n in range(FILES)]})
    answer = hers.post(at(waiting, "files/"), {"attachments": [photo()]})
    assert (answer.status_code, "40 files already" in answer.text) == (422, True)


def test_what_ends_while_a_file_is_on_its_way_is_said(
    hers: Client, waiting: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file came, nobody reads it any more: it is deleted with what nobody attached."""
    monkeypatch.setattr("telemed.views.files.is_open", lambda seat: True)
    Consultation.objects.update(state=TalkState.CANCELLED, ended_at=NOW)
    assert hers.post(at(waiting, "files/"), {"attachments": [photo()]}).status_code == 422
    assert "The consultation has ended" in hers.post(at(waiting, "files/new/"), {"attachments": [photo()]}).text
    assert (Message.objects.count(), Upload.objects.get().kept_at) == (0, None)


def test_of_a_file_that_is_gone_the_message_keeps_the_place(hers: Client, talking: Consultation) -> None:
    hers.post(at(talking, "files/"), {"attachments": [photo("CT.dcm", DICOM)]})
    checked()
    forget_uploads(now=NOW + ABANDONED_AFTER + timedelta(seconds=1))
    page = hers.get(talking.get_absolute_url()).text
    assert "</small>File</li>" in page
    assert "CT.dcm" not in page


def test_a_doctor_to_whom_it_does_not_belong_any_more_has_lost_its_files(
    hers: Client, talking: Consultation, doctor: User
) -> None:
    hers.post(at(talking, "files/"), {"attachments": [photo()]})
    checked()
    file = at(talking, f"files/{Upload.objects.get().public_id}/", "desk")
    theirs = staff_browser(doctor)
    assert theirs.get(file).status_code == 200
    sends(theirs, at(talking, "return/", "desk"), {"reason": "the relay is away"})
    assert theirs.get(file).status_code == theirs.get(at(talking, "files/", "desk")).status_code == 404


# ── The page listens ─────────────────────────────────────────────────────────
def test_a_list_is_watched_while_something_is_checked(
    hers: Client, waiting: Consultation, doctor: User, settings: Any
) -> None:
    settings.LIVE = True
    hers.post(at(waiting, "files/"), {"attachments": [photo()]})
    assert f'data-stream="/live/consultations/{waiting.public_id}/files/"' in hers.get(waiting.get_absolute_url()).text
    checked()
    assert "data-stream" not in hers.get(waiting.get_absolute_url()).text


def test_a_page_of_files_may_bring_a_hundred_megabytes(hers: Client, policy: Policy, waiting: Consultation) -> None:
    for address in (REQUEST, beside(policy), at(waiting, "files/"), at(waiting, "files/new/")):
        sent: dict[str, Any] = {"content_type": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(100 * 2**20)}
        assert hers.post(address, b"", **sent).status_code != 413
    assert hers.post(at(waiting, "message/"), b"", **sent).status_code == 413
