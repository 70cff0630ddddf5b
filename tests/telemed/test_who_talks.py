"""Who may join a talk, speak in it, read it, send and open its files, hear its streams and get the relay's credentials:
the two who are in it."""

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from accounts.models import User
from core.models import Upload
from core.uploads.checking import check_next_upload
from core.uploads.services import accept_upload
from policies.models import Access, Person, Policy
from policies.rules import AccessKind, AccessScope, StaffRole
from telemed.models import CallSignal, Consultation, Message
from telemed.queries import talk as queries
from telemed.rules import Channel, State
from telemed.services.files import say_files
from telemed.views import media
from tests.core.uploads.conftest import disk
from tests.core.uploads.pictures import png
from tests.core.uploads.sending import PHOTO
from tests.people import a_member, a_person, aigul, dana, insured_browser, oksana, staff_browser, yerlan
from tests.telemed.factories import NOW, a_consultation, a_doctor, a_patient, a_specialist
from tests.walls import seen_by_anybody

__all__ = ["disk"]  # the fixture: where the files lie
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("disk")]
PEER = "a" * 32
OFFER = {"peer": PEER, "to": PEER, "kind": "offer", "sdp": "v=0"}
AT_PATIENT, AT_DOCTOR = "/doctor/consultations/{}/", "/desk/consultations/{}/"
COMES = Callable[[Policy], Client]


@pytest.fixture(autouse=True)
def noon(settings: Any) -> Any:
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:127.0.0.1:3478"], "s" * 32
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def policy() -> Policy:
    return a_patient(aigul())


@pytest.fixture
def talking(policy: Policy) -> Consultation:
    user = User.objects.get(email="aigul@example.kz")
    doctor = a_doctor(oksana())
    consultation = a_consultation(user, policy, State.TALKING, doctor=doctor)
    Message.objects.create(consultation=consultation, side="patient", by=user, text="Секрет", at=NOW)
    accept_upload(file=SimpleUploadedFile("Секрет.jpg", PHOTO), into=consultation.files, by=user, now=NOW)
    say_files(consultation=consultation, now=NOW)
    assert check_next_upload(now=NOW)
    return consultation


# ── Who comes ────────────────────────────────────────────────────────────────
def the_patient(policy: Policy) -> Client:
    return insured_browser(User.objects.get(email="aigul@example.kz"))


def a_guardian(policy: Policy) -> Client:
    Person.objects.filter(pk=policy.insured.pk).update(birth_date=date(2015, 3, 14))
    return with_access(policy, AccessKind.GUARDIAN, AccessScope.FULL)


def somebody_with_less(policy: Policy) -> Client:
    return with_access(policy, AccessKind.REPRESENTATIVE, AccessScope.LIMITED)


def who_saw_it_before(policy: Policy) -> Client:
    return with_access(policy, AccessKind.GUARDIAN, AccessScope.FULL, until=NOW)


def another_patient(policy: Policy) -> Client:
    return insured_browser(dana())


def the_doctor(policy: Policy) -> Client:
    return staff_browser(User.objects.get(email="oksana@example.kz"))


def the_doctor_without_a_second_factor(policy: Policy) -> Client:
    return insured_browser(User.objects.get(email="oksana@example.kz"))


def another_doctor(policy: Policy) -> Client:
    user = yerlan()
    a_specialist(user)
    return staff_browser(user)


def an_operator(policy: Policy) -> Client:
    return staff_browser(a_member(StaffRole.OPERATOR, policy.insurer, "operator@example.kz"))


def a_coordinator(policy: Policy) -> Client:
    return staff_browser(a_member(StaffRole.COORDINATOR, policy.insurer, "zarina@example.kz"))


def nobody(policy: Policy) -> Client:
    return Client()


def with_access(policy: Policy, kind: AccessKind, scope: AccessScope, **until: Any) -> Client:
    user = a_person("another@example.kz")
    Access.objects.create(user=user, person=policy.insured, kind=kind, scope=scope, proof="x", **until)
    return insured_browser(user)


# ── What they are answered ───────────────────────────────────────────────────
IN, OUT, SIGN_IN = "in", 404, 302
DOORS: list[tuple[COMES, object, object]] = [
    (the_patient, IN, SIGN_IN),
    (a_guardian, IN, SIGN_IN),
    (somebody_with_less, OUT, SIGN_IN),
    (who_saw_it_before, OUT, SIGN_IN),
    (another_patient, OUT, SIGN_IN),
    (the_doctor, OUT, IN),
    (the_doctor_without_a_second_factor, OUT, SIGN_IN),
    (another_doctor, OUT, OUT),
    (an_operator, OUT, OUT),
    (a_coordinator, OUT, OUT),
    (nobody, SIGN_IN, SIGN_IN),
]


def asks(browser: Client, door: str, talking: Consultation, act: str) -> Any:
    at = door.format(talking.public_id)
    match act:
        case "join":
            return browser.post(f"{at}media/", {"peer": PEER})
        case "signal":
            return browser.post(f"{at}signals/", OFFER)
        case "say":
            return browser.post(f"{at}message/", {"text": "Здравствуйте", "key": str(uuid.uuid4())})
        case "read":
            return browser.get(at)
        case "send a file":
            return browser.post(f"{at}files/", {"attachments": SimpleUploadedFile("b.png", png())})
        case "send a file without a script":
            return browser.post(f"{at}files/new/", {"attachments": SimpleUploadedFile("b.png", png())})
        case "list the files":
            return browser.get(f"{at}files/")
        case "open a file":
            return browser.get(f"{at}files/{Upload.objects.earliest('pk').public_id}/")
        case "hear of the files":
            return browser.get(f"/live{at.replace('/doctor/', '/')}files/")
        case _:
            return browser.get(f"/live{at.replace('/doctor/', '/')}talk/", {"since": "0.0.talking-0.video"})


TAKEN = {
    "join": 200, "signal": 204, "say": 302, "read": 200, "hear": 404,  # no stream is served under WSGI
    "send a file": 200, "send a file without a script": 302, "list the files": 200, "open a file": 200,
    "hear of the files": 404,
}  # fmt: skip
WRITES = ("join", "signal", "say", "send a file", "send a file without a script")


@pytest.mark.parametrize("act", TAKEN)
def test_who_may(policy: Policy, talking: Consultation, act: str) -> None:
    for comes, at_patient, at_doctor in DOORS:
        with undone():
            knock(comes(policy), talking, act, at_patient, at_doctor, of_whom=comes.__name__)


def knock(
    browser: Client, talking: Consultation, act: str, at_patient: object, at_doctor: object, *, of_whom: str
) -> None:
    for door, expected in ((AT_PATIENT, at_patient), (AT_DOCTOR, at_doctor)):
        answer = asks(browser, door, talking, act)
        assert answer.status_code == (TAKEN[act] if expected is IN else expected), (of_whom, door)
        if expected is not IN:
            body = b"".join(answer.streaming_content).decode() if answer.streaming else answer.text
            assert "Секрет" not in body, of_whom
            assert "credential" not in body, of_whom
    written = (Message.objects.count() - 2) + CallSignal.objects.count()
    assert written == (1 if act in WRITES and IN in (at_patient, at_doctor) else 0), of_whom
    assert Upload.objects.count() == (2 if "send" in act and IN in (at_patient, at_doctor) else 1), of_whom


@contextmanager
def undone() -> Iterator[None]:
    """What was done in between leaves nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_if_everybody_had_a_seat_a_stranger_would_read_it(
    policy: Policy, talking: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(Consultation.objects.all()), "visible_to", lambda rows, user, now: rows)
    seen_by_anybody(monkeypatch)
    assert "Секрет" in asks(another_patient(policy), AT_PATIENT, talking, "read").text


def test_if_everybody_had_a_seat_a_stranger_would_open_the_file(
    policy: Policy, talking: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(Consultation.objects.all()), "visible_to", lambda rows, user, now: rows)
    seen_by_anybody(monkeypatch)
    answer = asks(another_patient(policy), AT_PATIENT, talking, "open a file")
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")  # a JPEG


@pytest.mark.parametrize("state", [state for state in State if state != State.TALKING])
def test_only_in_a_talk_that_goes_on_does_anybody_get_the_relay(
    policy: Policy, talking: Consultation, state: State
) -> None:
    Consultation.objects.update(state=state)
    assert asks(the_patient(policy), AT_PATIENT, talking, "join").status_code == 409


def test_by_messages_nobody_gets_the_relay(policy: Policy, talking: Consultation) -> None:
    Consultation.objects.update(channel=Channel.CHAT)
    assert asks(the_patient(policy), AT_PATIENT, talking, "join").status_code == 409


def test_a_doctor_loses_the_seat_a_week_after_the_end(policy: Policy, talking: Consultation, noon: Any) -> None:
    Consultation.objects.update(state=State.TALKED, ended_at=NOW)
    noon.move_to(NOW + timedelta(days=6, hours=23))
    for act in ("read", "list the files", "open a file"):
        assert asks(the_doctor(policy), AT_DOCTOR, talking, act).status_code == 200
    noon.move_to(NOW + timedelta(days=7))
    for act in ("read", "list the files", "open a file", "hear of the files"):
        assert asks(the_doctor(policy), AT_DOCTOR, talking, act).status_code == 404


def test_a_reading_of_the_stream_asks_for_the_seat_again(policy: Policy, talking: Consultation) -> None:
    user = User.objects.get(email="aigul@example.kz")

    def find_seat() -> queries.Seat | None:
        return queries.seat_of(user, talking.public_id, queries.Side.PATIENT, now=NOW)

    seat = find_seat()
    assert seat
    since = queries.talk_of(seat, now=NOW).cursor
    assert queries.news_since(since, find_seat) == []
    Access.objects.update(until=NOW)
    (event,) = queries.news_since(since, find_seat)
    assert event.name == "moved"


# ── What is refused ──────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "wrong",
    [
        {"peer": "A" * 32}, {"peer": "a" * 31}, {"peer": ""}, {"to": "x"}, {"kind": "hello"}, {"kind": ""}, {"sdp": ""},
        {"sdp": "a\x00b"}, {"kind": "candidate"}, {"kind": "candidate", "candidate": "c" * 2001},
        {"kind": "candidate", "candidate": "c", "line": "-1"}, {"kind": "candidate", "candidate": "c", "line": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_a_malformed_signal_is_refused(policy: Policy, talking: Consultation, wrong: dict[str, str]) -> None:
    answer = the_patient(policy).post(f"{AT_PATIENT.format(talking.public_id)}signals/", OFFER | wrong)
    assert answer.status_code == 400
    assert not CallSignal.objects.exists()


def test_a_signal_of_more_than_64_kilobytes_is_refused(policy: Policy, talking: Consultation) -> None:
    browser, at = the_patient(policy), f"{AT_PATIENT.format(talking.public_id)}signals/"
    assert browser.post(at, OFFER | {"sdp": "a" * 65_600}, "application/x-www-form-urlencoded").status_code in (
        400,
        413,
    )
    assert browser.post(at, OFFER | {"sdp": "a" * 60_000}).status_code == 204


def test_whoever_sends_faster_than_any_browser_is_told_to_wait(policy: Policy, talking: Consultation) -> None:
    browser = the_patient(policy)
    codes = [asks(browser, AT_PATIENT, talking, "signal").status_code for _ in range(21)]
    assert codes == [204] * 20 + [429]


def test_markup_stays_text_and_links_stay_dead(policy: Policy, talking: Consultation) -> None:
    browser = the_patient(policy)
    text = "<script>alert(1)</script> https://evil.example/ javascript:alert(2)"
    browser.post(f"{AT_PATIENT.format(talking.public_id)}message/", {"text": text, "key": str(uuid.uuid4())})
    page = browser.get(AT_PATIENT.format(talking.public_id)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; https://evil.example/" in page
    assert 'href="https://evil' not in page


def test_a_message_that_is_too_long_stays_in_the_form(policy: Policy, talking: Consultation) -> None:
    browser, at = the_patient(policy), f"{AT_PATIENT.format(talking.public_id)}message/"
    answer = browser.post(at, {"text": "б" * 4001, "key": str(uuid.uuid4())})
    assert answer.status_code == 200
    assert "б" * 4001 in answer.text
    assert browser.post(at, {"text": "б" * 4000, "key": str(uuid.uuid4())}).status_code == 302


@pytest.mark.parametrize(
    "since", ["", "1", "1.2.3", "a.b.c.d", "1.2.talking-0.video\n", "9" * 40 + ".0.talking-0.video"]
)
def test_a_stream_from_nowhere_is_refused(policy: Policy, talking: Consultation, since: str) -> None:
    at = f"/live/consultations/{talking.public_id}/talk/"
    assert the_patient(policy).get(at, {"since": since}).status_code == 400


NOISE = [
    "",
    "\x00",
    "{}",
    "[]",
    "null",
    "\ud7ff",
    "a" * 40,
    "-1",
    "1e9",
    "<x>",
    "%00",
    "offer",
    "candidate",
    PEER,
    "\u202e",
]


def throw(policy: Policy, talking: Consultation, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random fields with random values, urlencoded, as JSON and as bytes."""
    monkeypatch.setattr(media.services, "take", lambda *facts: None)
    browser, luck = the_patient(policy), random.Random(5)
    at = AT_PATIENT.format(talking.public_id)
    for _ in range(times):
        fields = {name: luck.choice(NOISE) for name in luck.sample([*OFFER, "candidate", "mid", "line", "fragment"], 5)}
        if luck.random() < 0.1:
            kind = luck.choice(["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
            answer = browser.post(f"{at}signals/", luck.randbytes(luck.randrange(200)), kind)
        else:
            answer = browser.post(f"{at}{luck.choice(['signals', 'media', 'message'])}/", fields)
        assert answer.status_code < 500, fields
    assert asks(browser, AT_PATIENT, talking, "signal").status_code == 204


@pytest.mark.long
def test_three_hundred_random_messages_break_nothing(
    policy: Policy, talking: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    throw(policy, talking, 300, monkeypatch)


@pytest.mark.long
def test_ten_thousand_random_messages_break_nothing(
    policy: Policy, talking: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    throw(policy, talking, 10_000, monkeypatch)
