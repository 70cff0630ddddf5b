"""Forty who answer one call, an answer against the end of its window, one message sent forty times: one outcome each."""

import uuid
from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import User
from telemed.models import CallSignal, Consultation, ConsultationStep, Message
from telemed.rules import ONLINE, Channel, Event, Side, Signal, State, WrongMoment
from telemed.services import talk
from tests.people import aigul, oksana
from tests.races.crowd import CROWD, all_at_once, while_waiting
from tests.telemed.factories import NOW, a_consultation, a_doctor, a_patient

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
IN_TIME, TOO_LATE = NOW + timedelta(seconds=60), NOW + timedelta(seconds=61)


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def calling(user: User) -> Consultation:
    waiting = a_consultation(user, a_patient(user))
    return talk.call(consultation=waiting, doctor=a_doctor(oksana()), now=NOW)


def answer_many_ways(calling: Consultation, user: User) -> None:
    def answer(number: int) -> None:
        talk.answer(consultation=calling, channel=ONLINE[number % 3], by=user, now=NOW)

    all_at_once(answer)


def test_of_forty_answers_one_channel_stands(calling: Consultation, user: User) -> None:
    answer_many_ways(calling, user)
    (step,) = ConsultationStep.objects.filter(kind=Event.ANSWER)
    assert step.detail["channel"] == Consultation.objects.get().channel


@pytest.mark.long
def test_without_the_lock_the_talk_would_begin_more_than_once(
    calling: Consultation, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "lock", lambda consultation: Consultation.objects.get(pk=consultation.pk))
    answer_many_ways(calling, user)
    assert ConsultationStep.objects.filter(kind=Event.ANSWER).count() > 1


def test_a_call_is_answered_or_missed_and_never_both(calling: Consultation, user: User) -> None:
    def act(number: int) -> None:
        if number % 2:
            talk.answer(consultation=calling, channel=Channel.VIDEO, by=user, now=IN_TIME)
            return
        try:
            talk.miss(consultation=calling, by=None, now=TOO_LATE)
        except WrongMoment:
            return  # it was answered

    all_at_once(act)
    ended = Consultation.objects.get().state
    steps = set(ConsultationStep.objects.values_list("kind", flat=True)) - {Event.CALL}
    assert (ended, steps) in [(State.TALKING, {Event.ANSWER}), (State.UNANSWERED, {Event.MISS})]


def test_an_answer_that_waited_for_the_end_of_the_window_comes_too_late(calling: Consultation, user: User) -> None:
    answers: list[bool] = []
    while_waiting(
        lambda: answers.append(talk.answer(consultation=calling, channel=Channel.VIDEO, by=user, now=IN_TIME)),
        first=lambda: talk.miss(consultation=calling, by=None, now=TOO_LATE),
    )
    assert answers == [False]
    assert Consultation.objects.get().channel == ""


def test_a_message_that_is_sent_forty_times_is_said_once(calling: Consultation, user: User) -> None:
    key = uuid.uuid4()
    said = all_at_once(
        lambda _: talk.say(consultation=calling, side=Side.PATIENT, by=user, text="Болит", key=key, now=NOW).pk
    )
    assert len(set(said)) == 1
    assert Message.objects.count() == 1


def test_of_forty_signals_in_one_second_twenty_pass(calling: Consultation, user: User) -> None:
    talk.answer(consultation=calling, channel=Channel.VIDEO, by=user, now=NOW)

    def send(_number: int) -> bool:
        try:
            talk.signal(
                consultation=calling, side=Side.PATIENT, peer="0" * 32, to="", kind=Signal.OFFER, data={}, now=NOW
            )  # fmt: skip
        except talk.TooMany:
            return False
        return True

    assert Counter(all_at_once(send)) == {True: 20, False: CROWD - 20}
    assert CallSignal.objects.count() == 20
