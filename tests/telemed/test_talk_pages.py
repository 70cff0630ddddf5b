"""The pages of a call: what they say, in which order, and what is pressed on them by whoever has no script."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from telemed.models import Consultation, Message
from telemed.queries import talk as queries
from telemed.queries.talk import Seat
from telemed.rules import Channel, Side, State
from telemed.services import talk
from tests.forms import sends
from tests.people import dana, insured_browser, oksana, staff_browser
from tests.telemed.factories import NOW, a_consultation, a_doctor, a_patient

pytestmark = pytest.mark.django_db
EN = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def patient() -> User:
    return dana(language="en")


@pytest.fixture
def doctor() -> User:
    return oksana(language="en")


@pytest.fixture
def calling(patient: User, doctor: User) -> Consultation:
    waiting = a_consultation(patient, a_patient(patient))
    return talk.call(consultation=waiting, doctor=a_doctor(doctor), now=NOW)


@pytest.fixture
def page(calling: Consultation) -> str:
    return calling.get_absolute_url()


@pytest.fixture
def desk(calling: Consultation) -> str:
    return f"/desk/consultations/{calling.public_id}/"


@pytest.fixture
def browser(patient: User) -> Client:
    return insured_browser(patient)


def main_of(browser: Client, page: str) -> str:
    return browser.get(page).text.partition("<main")[2].partition("</main>")[0]


def test_the_window_says_who_calls_and_the_emergency_number_before_all(browser: Client, page: str) -> None:
    shown = browser.get(page).text
    assert "<title>The doctor is calling you" in shown
    assert re.search(r"<h1[^>]*tabindex=\"-1\" data-focus>The doctor is calling you", shown)
    main = main_of(browser, page)
    assert main.index("tel:103") < main.index("<h1")
    assert [main.count(f'name="channel" value="{channel}"') for channel in Channel] == [1, 1, 1, 0]


def test_without_a_script_the_patient_holds_answers_and_writes(browser: Client, page: str) -> None:
    assert sends(browser, f"{page}extension/", {}).status_code == 302
    assert Consultation.objects.get().extensions == 1
    assert sends(browser, f"{page}answer/", {"channel": "chat"}).status_code == 302
    assert Consultation.objects.get().state == State.TALKING
    key = str(uuid.uuid4())
    for _ in range(2):  # a double click says it once
        assert sends(browser, f"{page}message/", {"text": "Болит горло", "key": key})["Location"] == page
    assert Message.objects.count() == 1
    assert "Болит горло" in main_of(browser, page)


def test_a_third_minute_is_not_offered(browser: Client, page: str) -> None:
    for _ in range(2):
        assert "One more minute" in main_of(browser, page)
        sends(browser, f"{page}extension/", {})
    assert "One more minute" not in main_of(browser, page)


def test_an_answer_that_comes_too_late_is_told_so(browser: Client, page: str, clock: Any) -> None:
    clock.shift(timedelta(seconds=61))
    answer = sends(browser, f"{page}answer/", {"channel": "video"})
    assert answer.status_code == 302
    (told,) = [str(message) for message in get_messages(answer.wsgi_request)]
    assert "by telephone" in told
    assert Consultation.objects.get().state == State.UNANSWERED


def test_whoever_looks_after_the_window_finds_the_call_missed(doctor: User, desk: str, clock: Any) -> None:
    clock.shift(timedelta(seconds=61))
    assert "Call the patient" in main_of(staff_browser(doctor), desk)
    assert Consultation.objects.get().state == State.UNANSWERED


@pytest.mark.parametrize(
    ("seconds", "warned", "over"),
    [(1499, False, False), (1500, True, False), (1799, True, False), (1800, False, True), (1919, False, True)],
)
def test_the_clock_of_both_sides_warns_to_the_second(
    browser: Client, page: str, desk: str, doctor: User, patient: User, calling: Consultation, clock: Any,
    seconds: int, warned: bool, over: bool,
) -> None:  # fmt: skip
    talk.answer(consultation=calling, channel=Channel.AUDIO, by=patient, now=NOW)
    clock.shift(timedelta(seconds=seconds))
    for shown in (main_of(browser, page), main_of(staff_browser(doctor), desk)):
        assert f'data-gone="{seconds}"' in shown  # a number, whatever the language
        assert ('<span data-from="1500">' in shown, '<span data-from="1800">' in shown) == (warned, over)


def test_at_minute_32_the_doctors_page_has_ended_the_talk(
    desk: str, doctor: User, patient: User, calling: Consultation, clock: Any
) -> None:
    talk.answer(consultation=calling, channel=Channel.AUDIO, by=patient, now=NOW)
    clock.shift(timedelta(minutes=32))
    assert "End the talk" not in main_of(staff_browser(doctor), desk)
    assert Consultation.objects.get().state == State.TALKED


def test_the_doctor_calls_waits_and_ends_by_plain_forms(
    desk: str, doctor: User, patient: User, calling: Consultation, clock: Any
) -> None:
    browser = staff_browser(doctor)
    assert browser.post(f"{desk}call/miss/").status_code == 302
    assert Consultation.objects.get().state == State.CALLING  # it still rings
    clock.shift(timedelta(seconds=61))
    browser.post(f"{desk}call/miss/")
    assert Consultation.objects.get().state == State.UNANSWERED
    browser = staff_browser(doctor)
    browser.post(f"{desk}call/start/")
    assert Consultation.objects.get().state == State.CALLING
    talk.answer(consultation=calling, channel=Channel.CHAT, by=patient, now=NOW + timedelta(seconds=61))
    browser.post(f"{desk}channel/", {"channel": "telephone"})
    assert "tel:+77012345678" in main_of(browser, desk)
    browser.post(f"{desk}call/end/")
    assert Consultation.objects.get().state == State.TALKED


def test_a_failure_of_ours_needs_a_reason_and_brings_the_patient_back_into_the_queue(
    desk: str, page: str, browser: Client, doctor: User
) -> None:
    at_work = staff_browser(doctor)
    assert " open><summary>" in sends(at_work, f"{desk}return/", {"reason": ""}).text  # what is missing is seen
    assert Consultation.objects.get().state == State.CALLING
    sends(at_work, f"{desk}return/", {"reason": "the relay is away"})
    assert Consultation.objects.get().state == State.WAITING
    assert "Something failed on our side" in main_of(browser, page)


def test_who_asked_for_the_telephone_is_called_there_from_the_desk(
    desk: str, page: str, browser: Client, doctor: User, calling: Consultation
) -> None:
    at_work = staff_browser(doctor)
    assert "tel:" not in main_of(at_work, desk)
    Consultation.objects.update(by_telephone=True)
    assert 'href="tel:+77012345678"' in main_of(at_work, desk)
    at_work.post(f"{desk}call/telephone/")
    assert Consultation.objects.get().channel == Channel.TELEPHONE
    assert "The doctor calls you at" in main_of(browser, page)
    at_work.post(f"{desk}call/telephone/")  # a double click
    assert Consultation.objects.get().state == State.TALKING


def test_who_did_not_answer_reads_who_will_call_and_what_it_means(browser: Client, page: str, clock: Any) -> None:
    clock.shift(timedelta(seconds=61))
    shown = main_of(browser, page)
    assert "You did not answer the call" in shown
    assert "+7 701 ••• 56 78" in shown
    assert "counts as rendered" in shown
    assert f'action="{page}message/"' in shown  # «I am here»


def test_what_was_written_is_read_after_the_talk_too(
    browser: Client, page: str, patient: User, doctor: User, calling: Consultation, desk: str
) -> None:
    talk.answer(consultation=calling, channel=Channel.CHAT, by=patient, now=NOW)
    sends(browser, f"{page}message/", {"text": "Аллергия на пенициллин", "key": str(uuid.uuid4())})
    talk.end(consultation=calling, by=doctor, now=NOW)
    sends(staff_browser(doctor), f"{desk}message/", {"text": "Спасибо, пишу", "key": str(uuid.uuid4())})
    assert "Спасибо, пишу" in main_of(browser, page)
    Consultation.objects.update(state=State.CONCLUDED)
    for shown in (main_of(browser, page), main_of(staff_browser(doctor), desk)):
        assert "Аллергия на пенициллин" in shown
        assert "/message/" not in shown  # nobody would read more


def test_a_message_that_comes_while_the_page_is_drawn_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, patient: User, doctor: User, calling: Consultation
) -> None:
    seat = Seat(calling, Side.PATIENT, patient)
    drawn = queries.lines

    def and_then_something_is_said(seat: Seat) -> list[queries.Line]:
        lines = drawn(seat)
        talk.say(consultation=calling, side=Side.DOCTOR, by=doctor, text="Вы здесь?", key=uuid.uuid4(), now=NOW)
        return lines

    monkeypatch.setattr(queries, "lines", and_then_something_is_said)
    cursor = queries.talk_of(seat, now=NOW).cursor
    monkeypatch.undo()
    assert [news.name for news in queries.news_since(cursor, lambda: seat)] == ["message"]


def test_the_page_listens_only_where_streams_are_served(browser: Client, page: str, settings: Any) -> None:
    for is_live in (True, False):
        settings.LIVE = is_live
        assert ("data-feed=" in main_of(browser, page)) is is_live


@pytest.mark.parametrize("channel", Channel)
def test_scripts_for_sound_come_only_where_there_is_sound(
    browser: Client, page: str, calling: Consultation, patient: User, settings: Any, channel: Channel
) -> None:
    settings.LIVE = True
    talk.answer(consultation=calling, channel=Channel.CHAT, by=patient, now=NOW)
    talk.change_channel(consultation=calling, channel=channel, by=patient, now=NOW)
    assert ("talk-media.js" in browser.get(page).text) is (channel in (Channel.VIDEO, Channel.AUDIO))
