"""A failure on our side never counts (TM-39): given back until the conclusion is sent, told, and what it spoilt costs nobody."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.models import User
from notices.models import Notice
from notices.services.wording import word
from policies.models import Policy, RenderedConsultation
from telemed.models import Consultation, ConsultationStep, Doctor
from telemed.queries.section import cancellation_at
from telemed.rules import Channel, Due, Event, State, WrongMoment, due
from telemed.services import talk
from telemed.services.booking import move_booking
from telemed.services.cancel import LateNow, cancel
from telemed.services.queue import put_back
from tests.forms import sends
from tests.people import aigul, insured_browser, oksana, staff_browser, yerlan
from tests.telemed.after import a_talk, sent
from tests.telemed.factories import NOW, a_booking, a_consultation, a_doctor, a_patient, a_specialist, a_wish

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_patient(user)


@pytest.fixture
def doctor() -> Doctor:
    return a_specialist(yerlan())


@pytest.fixture
def spoilt(user: User, policy: Policy, doctor: Doctor) -> Consultation:
    """Booked for now and called; then our network failed."""
    booked = talk.call(consultation=a_booking(user, policy, doctor, NOW), doctor=doctor, now=NOW)
    put_back(consultation=booked, by=doctor.user, now=NOW, reason="our network")
    booked.refresh_from_db()
    return booked


# ── Given back ───────────────────────────────────────────────────────────────
def test_a_talk_whose_clock_ran_out_before_anybody_said_so_is_given_back_all_the_same(
    user: User, policy: Policy
) -> None:
    waiting = a_consultation(user, policy)
    talk.call(consultation=waiting, doctor=a_doctor(oksana()), now=NOW)
    talk.answer(consultation=waiting, channel=Channel.VIDEO, by=user, now=NOW)
    talk.keep_times(now=NOW + 32 * MINUTE)
    assert Consultation.objects.get().state == State.TALKED
    put_back(consultation=waiting, by=None, now=NOW + 33 * MINUTE, reason="no picture, no sound")
    again = Consultation.objects.get()
    assert (again.state, again.doctor, again.began_at, again.ended_at) == (State.WAITING, None, None, None)
    assert again.queued_at == NOW  # the old place


def test_at_the_desk_the_way_back_stands_beside_the_conclusion_until_it_is_sent() -> None:
    made = a_talk()
    assert made.doctor
    assert made.doctor.user
    browser, page = staff_browser(made.doctor.user), f"/desk/consultations/{made.public_id}/"
    assert f'action="{page}return/"' in browser.get(page).text
    sends(browser, f"{page}return/", {"reason": "no sound"})
    made.refresh_from_db()
    assert made.state == State.WAITING


def test_after_the_conclusion_nothing_comes_back() -> None:
    made = a_talk()
    sent(made)
    with pytest.raises(WrongMoment):
        put_back(consultation=made, by=None, now=NOW, reason="")


def test_where_somebody_else_has_the_rest_of_the_time_it_does_not_come_back(
    user: User, policy: Policy, doctor: Doctor
) -> None:
    made = a_booking(user, policy, doctor, NOW, state=State.TALKED, channel="chat", began_at=NOW, ended_at=NOW)
    a_booking(user, policy, doctor, NOW + 20 * MINUTE, close_one="Мама")
    with pytest.raises(WrongMoment):
        put_back(consultation=made, by=None, now=NOW, reason="")
    made.refresh_from_db()
    assert made.state == State.TALKED


# ── Told ─────────────────────────────────────────────────────────────────────
def test_the_patient_is_told_each_time(spoilt: Consultation, doctor: Doctor) -> None:
    """They may have left the page: a call that they do not expect would be missed."""
    told = Notice.objects.filter(kind="came_back")
    assert {notice.channel for notice in told} == {"email", "sms"}
    talk.call(consultation=spoilt, doctor=doctor, now=NOW + MINUTE)
    put_back(consultation=spoilt, by=doctor.user, now=NOW + 2 * MINUTE, reason="our network")
    assert told.all().count() == 4


# ── What it spoilt ───────────────────────────────────────────────────────────
def test_a_time_that_we_have_spoilt_is_cancelled_free_however_late(user: User, spoilt: Consultation) -> None:
    User.objects.update(language="en")
    browser = insured_browser(user)
    assert "free of charge: it was our failure" in browser.get(spoilt.get_absolute_url()).text
    sends(browser, f"{spoilt.get_absolute_url()}cancellation/")
    spoilt.refresh_from_db()
    assert spoilt.state == State.CANCELLED
    assert not RenderedConsultation.objects.exists()


def test_also_where_the_next_call_was_missed(user: User, doctor: Doctor, spoilt: Consultation) -> None:
    talk.call(consultation=spoilt, doctor=doctor, now=NOW + 20 * MINUTE)
    talk.keep_times(now=NOW + 22 * MINUTE)
    assert cancel(consultation=spoilt, by=user, now=NOW + 23 * MINUTE, warned=False)
    spoilt.refresh_from_db()
    assert spoilt.state == State.CANCELLED


def test_without_a_failure_of_ours_it_is_too_late(user: User, policy: Policy, doctor: Doctor) -> None:
    """The control."""
    booked = a_booking(user, policy, doctor, NOW)
    with pytest.raises(LateNow):
        cancel(consultation=booked, by=user, now=NOW, warned=False)


def test_it_is_moved_free_and_the_new_time_is_as_any_other(
    user: User, policy: Policy, doctor: Doctor, spoilt: Consultation
) -> None:
    starts = NOW + 2 * HOUR
    wish = a_wish(user, policy, doctor, starts)
    moved = move_booking(consultation=spoilt, wish=wish, by=user, now=NOW, warned=False)
    assert (moved.pk, moved.starts_at, moved.state) == (spoilt.pk, starts, State.BOOKED)
    assert not ConsultationStep.objects.filter(kind=Event.CANCEL_LATE).exists()
    with pytest.raises(LateNow):
        cancel(consultation=moved, by=user, now=NOW + MINUTE, warned=False)


# ── Its time is over ─────────────────────────────────────────────────────────
def english(browser: Client) -> Client:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


LAST_SECOND, OVER = NOW + 30 * MINUTE - timedelta(seconds=1), NOW + 30 * MINUTE


@pytest.mark.parametrize(
    ("state", "now", "moment"),
    [
        (State.BOOKED, NOW - timedelta(seconds=1), Due.EARLY), (State.BOOKED, NOW, Due.NOW),
        (State.BOOKED, LAST_SECOND, Due.NOW), (State.BOOKED, OVER, Due.OVER), (State.UNANSWERED, OVER, Due.NOW),
    ],
)  # fmt: skip
def test_what_is_booked_is_called_in_its_time(state: State, now: datetime, moment: Due) -> None:
    """TM-38. Whom a call in time has not reached is tried again (TM-39)."""
    assert due(state, NOW, OVER, now=now) == moment


def test_what_is_urgent_is_called_at_any_time() -> None:
    assert due(State.WAITING, None, None, now=NOW) == Due.NOW


def test_a_time_that_we_have_spoilt_is_called_again_until_its_last_second(spoilt: Consultation, doctor: Doctor) -> None:
    talk.call(consultation=spoilt, doctor=doctor, now=LAST_SECOND)
    assert Consultation.objects.get().state == State.CALLING


def test_and_not_a_second_later(spoilt: Consultation, doctor: Doctor) -> None:
    """Three calls that nobody expects would close it as rendered."""
    with pytest.raises(talk.TimeIsOver):
        talk.call(consultation=spoilt, doctor=doctor, now=OVER)
    assert Consultation.objects.get().state == State.BOOKED


def test_the_doctor_reads_that_the_patient_chooses(spoilt: Consultation, doctor: Doctor, clock: Any) -> None:
    assert doctor.user
    browser, page = english(staff_browser(doctor.user)), f"/desk/consultations/{spoilt.public_id}/"
    assert f'action="{page}call/start/"' in browser.get(page).text
    clock.move_to(OVER)
    browser = english(staff_browser(doctor.user))  # half an hour is longer than a session of staff waits
    shown = browser.get(page).text
    assert f'action="{page}call/start/"' not in shown
    assert "The patient chooses another one or calls it off" in shown
    answer = browser.post(f"{page}call/start/", follow=True)
    assert "The booked time is over. The patient chooses another one" in answer.text


def test_the_patient_chooses_another_time_or_calls_it_off_free(
    user: User, policy: Policy, doctor: Doctor, spoilt: Consultation, clock: Any
) -> None:
    User.objects.update(language="en")
    browser = insured_browser(user)
    assert "until 12:30" in browser.get(spoilt.get_absolute_url()).text
    clock.move_to(OVER)
    shown = insured_browser(user).get(spoilt.get_absolute_url()).text
    assert "The booked time is over, and there was no talk" in shown
    assert f'href="{spoilt.get_absolute_url()}time/"' in shown
    wish = a_wish(user, policy, doctor, NOW + 48 * HOUR)
    moved = move_booking(consultation=spoilt, wish=wish, by=user, now=OVER, warned=False)
    assert (moved.pk, moved.state) == (spoilt.pk, State.BOOKED)
    talk.call(consultation=moved, doctor=doctor, now=NOW + 48 * HOUR)


@pytest.mark.parametrize(("now", "is_free"), [(LAST_SECOND, False), (OVER, True)])
def test_nobody_pays_for_a_time_in_which_nobody_has_called(
    user: User, policy: Policy, doctor: Doctor, now: datetime, is_free: bool
) -> None:
    """Until its end the doctor may yet call, so calling it off is late as ever (TM-41)."""
    booked = a_booking(user, policy, doctor, NOW)
    assert cancellation_at(booked, now).is_free is is_free


def test_a_talk_that_is_given_back_after_its_time_says_so_in_the_letter(
    user: User, policy: Policy, doctor: Doctor
) -> None:
    booked = talk.call(consultation=a_booking(user, policy, doctor, NOW), doctor=doctor, now=NOW)
    put_back(consultation=booked, by=doctor.user, now=OVER, reason="our network")
    told = Notice.objects.get(kind="came_back", channel="email")
    told.language = "en"
    assert "choose another one on this page" in word(told).text
