"""A call and the talk that comes of it: the window, the channels, the clock, what is said; each to the second."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from core.models import ImmutableRow
from policies.models import Policy
from telemed.models import CallSignal, Consultation, ConsultationStep, Doctor, Message
from telemed.rules import Channel, Clock, Event, Side, Signal, Stage, State, WrongMoment, rings, stage
from telemed.services import talk
from telemed.services.queue import put_back
from telemed.services.request import choose_telephone
from tests.people import aigul, oksana, yerlan
from tests.telemed.factories import NOW, a_booking, a_consultation, a_doctor, a_patient, a_specialist

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
PEER = "0" * 32


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_patient(user)


@pytest.fixture
def doctor() -> Doctor:
    return a_doctor(oksana())


@pytest.fixture
def waiting(user: User, policy: Policy) -> Consultation:
    return a_consultation(user, policy)


@pytest.fixture
def calling(waiting: Consultation, doctor: Doctor) -> Consultation:
    return talk.call(consultation=waiting, doctor=doctor, now=NOW)


@pytest.fixture
def talking(calling: Consultation, user: User) -> Consultation:
    assert talk.answer(consultation=calling, channel=Channel.VIDEO, by=user, now=NOW)
    return newest(calling)


def newest(consultation: Consultation) -> Consultation:
    return Consultation.objects.get(pk=consultation.pk)


def steps() -> list[str]:
    return list(ConsultationStep.objects.order_by("pk").values_list("kind", flat=True))


class TestTheWindow:
    @pytest.mark.parametrize(("extensions", "last"), [(0, 60), (1, 120), (2, 180)])
    def test_it_holds_a_minute_and_two_more_to_the_second(self, extensions: int, last: int) -> None:
        assert rings(NOW, extensions, now=NOW + timedelta(seconds=last))
        assert not rings(NOW, extensions, now=NOW + timedelta(seconds=last, microseconds=1))

    def test_the_doctor_of_the_queue_calls(self, calling: Consultation, doctor: Doctor) -> None:
        assert (calling.state, calling.doctor, calling.called_at) == (State.CALLING, doctor, NOW)
        assert steps() == [Event.CALL]

    def test_somebody_elses_booking_is_not_called(self, user: User, policy: Policy, doctor: Doctor) -> None:
        booking = a_booking(user, policy, a_specialist(yerlan()), NOW)
        with pytest.raises(talk.NotTheirs):
            talk.call(consultation=booking, doctor=doctor, now=NOW)

    def test_what_is_booked_is_called_at_its_time_and_not_a_second_before(self, user: User, policy: Policy) -> None:
        """TM-38; three calls before it would close it as rendered (TM-39)."""
        doctor = a_specialist(yerlan())
        booking = a_booking(user, policy, doctor, NOW)
        with pytest.raises(talk.TooSoon):
            talk.call(consultation=booking, doctor=doctor, now=NOW - SECOND)
        assert newest(booking).state == State.BOOKED
        assert talk.call(consultation=booking, doctor=doctor, now=NOW).state == State.CALLING

    def test_a_doctor_whose_clinic_does_not_treat_for_the_insurer_calls_nobody(
        self, waiting: Consultation, doctor: Doctor
    ) -> None:
        doctor.organisation.insurers.clear()
        with pytest.raises(talk.NotTheirs):
            talk.call(consultation=waiting, doctor=doctor, now=NOW)

    def test_whoever_calls_somebody_calls_nobody_else(
        self, calling: Consultation, user: User, policy: Policy, doctor: Doctor
    ) -> None:
        other = a_consultation(user, policy, close_one="Мама")
        with pytest.raises(talk.DoctorBusy):
            talk.call(consultation=other, doctor=doctor, now=NOW)
        assert newest(other).state == State.WAITING

    def test_it_is_held_twice_and_no_third_time(self, calling: Consultation, user: User) -> None:
        for _ in range(2):
            talk.extend(consultation=calling, by=user, now=NOW)
        with pytest.raises(talk.NoMoreMinutes):
            talk.extend(consultation=calling, by=user, now=NOW)
        assert newest(calling).extensions == 2

    def test_what_is_over_is_not_held(self, calling: Consultation, user: User) -> None:
        with pytest.raises(talk.NoMoreMinutes):
            talk.extend(consultation=calling, by=user, now=NOW + 61 * SECOND)

    def test_an_answer_in_its_last_second_begins_the_talk(self, calling: Consultation, user: User) -> None:
        assert talk.answer(consultation=calling, channel=Channel.AUDIO, by=user, now=NOW + 60 * SECOND)
        begun = newest(calling)
        assert (begun.state, begun.channel, begun.began_at) == (State.TALKING, Channel.AUDIO, NOW + 60 * SECOND)

    def test_an_answer_a_second_later_comes_too_late_and_says_so(self, calling: Consultation, user: User) -> None:
        assert not talk.answer(consultation=calling, channel=Channel.AUDIO, by=user, now=NOW + 61 * SECOND)
        assert newest(calling).state == State.UNANSWERED
        assert not talk.answer(consultation=calling, channel=Channel.AUDIO, by=user, now=NOW + 62 * SECOND)

    def test_the_first_answer_stands(self, talking: Consultation, user: User) -> None:
        assert talk.answer(consultation=talking, channel=Channel.CHAT, by=user, now=NOW + SECOND)
        assert (newest(talking).channel, newest(talking).began_at) == (Channel.VIDEO, NOW)

    def test_nobody_answers_by_telephone_here(self, calling: Consultation, user: User) -> None:
        with pytest.raises(WrongMoment):
            talk.answer(consultation=calling, channel=Channel.TELEPHONE, by=user, now=NOW)

    def test_who_asked_for_the_telephone_is_rung_up_there(
        self, waiting: Consultation, doctor: Doctor, user: User
    ) -> None:
        choose_telephone(consultation=waiting, wanted=True)
        called = talk.call(consultation=waiting, doctor=doctor, now=NOW)
        talk.keep_times(now=NOW + 180 * SECOND)  # dialling takes its time: the window is open for as long as any
        talk.answer_by_telephone(consultation=called, by=user, now=NOW + 180 * SECOND)
        begun = newest(called)
        assert (begun.state, begun.channel, begun.began_at) == (State.TALKING, Channel.TELEPHONE, NOW + 180 * SECOND)

    def test_who_did_not_ask_for_it_does_not_answer_there(self, calling: Consultation, user: User) -> None:
        with pytest.raises(WrongMoment):
            talk.answer_by_telephone(consultation=calling, by=user, now=NOW)

    def test_who_does_not_pick_up_the_telephone_is_missed_after_the_first_minute(
        self, waiting: Consultation, doctor: Doctor, user: User
    ) -> None:
        choose_telephone(consultation=waiting, wanted=True)
        called = talk.call(consultation=waiting, doctor=doctor, now=NOW)
        with pytest.raises(talk.StillRings):
            talk.miss(consultation=called, by=user, now=NOW + 60 * SECOND)
        talk.miss(consultation=called, by=user, now=NOW + 61 * SECOND)
        assert newest(called).state == State.UNANSWERED
        with pytest.raises(WrongMoment):  # three attempts follow, at least three minutes apart
            talk.answer_by_telephone(consultation=called, by=user, now=NOW + 62 * SECOND)

    def test_nobody_answers_before_the_call(self, waiting: Consultation, user: User) -> None:
        with pytest.raises(WrongMoment):
            talk.answer(consultation=waiting, channel=Channel.VIDEO, by=user, now=NOW)

    def test_the_doctor_does_not_end_it_early(self, calling: Consultation) -> None:
        with pytest.raises(talk.StillRings):
            talk.miss(consultation=calling, by=None, now=NOW + 60 * SECOND)
        talk.miss(consultation=calling, by=None, now=NOW + 61 * SECOND)
        assert newest(calling).state == State.UNANSWERED

    def test_a_failure_of_ours_counts_as_nothing(self, talking: Consultation) -> None:
        put_back(consultation=talking, by=None, now=NOW, reason="the relay is away")
        back = newest(talking)
        assert (back.state, back.doctor, back.channel, back.began_at) == (State.WAITING, None, "", None)
        assert back.queued_at == NOW  # the old place

    def test_after_a_failure_a_booking_stays_with_its_doctor(self, user: User, policy: Policy) -> None:
        doctor = a_specialist(yerlan())
        called = talk.call(consultation=a_booking(user, policy, doctor, NOW), doctor=doctor, now=NOW)
        put_back(consultation=called, by=None, now=NOW, reason="the relay is away")
        assert (newest(called).state, newest(called).doctor) == (State.BOOKED, doctor)


class TestTheTalk:
    @pytest.mark.parametrize(
        ("minutes", "before", "at"),
        [(25, Stage.ON, Stage.WARNED), (30, Stage.WARNED, Stage.OVERTIME), (32, Stage.OVERTIME, Stage.OVER)],
    )
    def test_its_clock_to_the_second(self, minutes: int, before: Stage, at: Stage) -> None:
        then = NOW + timedelta(minutes=minutes)
        assert (stage(NOW, now=then - SECOND), stage(NOW, now=then)) == (before, at)

    def test_a_page_counts_from_what_the_server_says(self) -> None:
        assert Clock.of_call(NOW, 1, now=NOW + 61 * SECOND).left == 59
        assert Clock.of_talk(NOW, now=NOW + timedelta(minutes=31)).left == 0

    def test_it_falls_from_video_to_the_telephone_without_losing_its_clock(
        self, talking: Consultation, user: User
    ) -> None:
        for channel in (Channel.AUDIO, Channel.CHAT, Channel.TELEPHONE):
            talk.change_channel(consultation=talking, channel=channel, by=user, now=NOW + SECOND)
        now = newest(talking)
        assert (now.state, now.channel, now.began_at) == (State.TALKING, Channel.TELEPHONE, NOW)
        assert steps() == [Event.CALL, Event.ANSWER, *[Event.SWITCH] * 3]

    def test_the_same_channel_again_is_no_step(self, talking: Consultation, user: User) -> None:
        talk.change_channel(consultation=talking, channel=Channel.VIDEO, by=user, now=NOW)
        assert Event.SWITCH not in steps()

    def test_only_a_talk_that_goes_on_changes_its_channel(self, calling: Consultation, user: User) -> None:
        with pytest.raises(WrongMoment):
            talk.change_channel(consultation=calling, channel=Channel.CHAT, by=user, now=NOW)

    def test_the_doctor_ends_it_and_the_signals_are_gone(self, talking: Consultation, doctor: Doctor) -> None:
        talk.join(consultation=talking, side=Side.PATIENT, peer=PEER, now=NOW)
        talk.end(consultation=talking, by=doctor.user, now=NOW + timedelta(minutes=5))
        assert (newest(talking).state, newest(talking).ended_at) == (State.TALKED, NOW + timedelta(minutes=5))
        assert not CallSignal.objects.exists()

    @pytest.mark.parametrize(("after", "state"), [(31 * 60 + 59, State.TALKING), (32 * 60, State.TALKED)])
    def test_media_ends_at_minute_32(self, talking: Consultation, after: int, state: State) -> None:
        talk.keep_times(now=NOW + timedelta(seconds=after))
        assert newest(talking).state == state

    def test_however_late_the_clock_looks_it_ended_at_minute_32(self, talking: Consultation) -> None:
        for _ in range(2):
            talk.keep_times(now=NOW + timedelta(hours=3))
        assert newest(talking).ended_at == NOW + timedelta(minutes=32)

    @pytest.mark.parametrize(("after", "state"), [(60, State.CALLING), (61, State.UNANSWERED)])
    def test_the_clock_misses_a_call_that_nobody_answers(self, calling: Consultation, after: int, state: State) -> None:
        talk.keep_times(now=NOW + after * SECOND)
        assert newest(calling).state == state

    def test_the_clock_waits_for_the_minutes_that_were_added(self, calling: Consultation, user: User) -> None:
        talk.extend(consultation=calling, by=user, now=NOW)
        talk.keep_times(now=NOW + 120 * SECOND)
        assert newest(calling).state == State.CALLING


class TestMessages:
    def say(self, consultation: Consultation, by: User, text: str = "Болит горло", **facts: Any) -> Message:
        given: dict[str, Any] = {"side": Side.PATIENT, "key": uuid.uuid4(), "now": NOW} | facts
        return talk.say(consultation=consultation, by=by, text=text, **given)

    def test_they_are_written_before_and_during_the_talk(self, waiting: Consultation, user: User) -> None:
        self.say(waiting, user)
        assert Message.objects.get().text == "Болит горло"

    def test_sent_twice_it_is_one(self, waiting: Consultation, user: User) -> None:
        key = uuid.uuid4()
        assert self.say(waiting, user, key=key) == self.say(waiting, user, key=key)
        assert Message.objects.count() == 1

    @pytest.mark.parametrize("state", [State.CONCLUDED, State.CANCELLED, State.NOT_REACHED])
    def test_after_the_end_nobody_writes(self, user: User, policy: Policy, doctor: Doctor, state: State) -> None:
        with pytest.raises(WrongMoment):
            self.say(a_consultation(user, policy, state, doctor=doctor), user)

    def test_the_twenty_first_within_a_minute_is_refused(self, waiting: Consultation, user: User) -> None:
        for _ in range(20):
            self.say(waiting, user)
        with pytest.raises(talk.TooMany):
            self.say(waiting, user)
        self.say(waiting, user, now=NOW + timedelta(minutes=1))

    def test_without_the_limit_it_would_be_said(
        self, waiting: Consultation, user: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(talk, "take", lambda *facts: None)
        for _ in range(21):
            self.say(waiting, user)
        assert Message.objects.count() == 21

    def test_what_was_said_stays_as_it_was_said(self, waiting: Consultation, user: User) -> None:
        said = self.say(waiting, user)
        said.text = "Не болит"
        with pytest.raises(ImmutableRow):
            said.save()

    def test_the_role_web_may_neither_change_nor_delete_them(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('telemed_message', 'UPDATE, DELETE')")
            assert cursor.fetchone() == (False,)


class TestSignals:
    def send(self, consultation: Consultation, now: datetime = NOW) -> None:
        talk.signal(
            consultation=consultation, side=Side.PATIENT, peer=PEER, to=PEER, kind=Signal.OFFER, data={"sdp": "v=0"}, now=now
        )  # fmt: skip

    def test_more_than_twenty_a_second_are_refused(self, talking: Consultation) -> None:
        for _ in range(20):
            self.send(talking)
        with pytest.raises(talk.TooMany):
            self.send(talking)
        self.send(talking, now=NOW + SECOND)

    @pytest.mark.parametrize("channel", [Channel.CHAT, Channel.TELEPHONE])
    def test_a_talk_without_sound_has_none(self, talking: Consultation, user: User, channel: Channel) -> None:
        talk.change_channel(consultation=talking, channel=channel, by=user, now=NOW)
        with pytest.raises(WrongMoment):
            self.send(talking)

    def test_a_talk_that_is_over_has_none_even_before_the_beat(self, talking: Consultation) -> None:
        with pytest.raises(WrongMoment):
            self.send(talking, now=NOW + timedelta(minutes=32))

    def test_after_an_hour_the_rest_is_forgotten(self, talking: Consultation) -> None:
        self.send(talking)
        talk.forget_signals(now=NOW + timedelta(hours=1))
        assert CallSignal.objects.exists()
        talk.forget_signals(now=NOW + timedelta(hours=1, seconds=1))
        assert not CallSignal.objects.exists()


class TestTheRelay:
    @pytest.fixture(autouse=True)
    def relay(self, settings: Any) -> None:
        settings.TURN_URLS, settings.TURN_SECRET = ["turn:127.0.0.1:3478"], "s" * 32

    def test_its_credentials_end_with_the_talk_and_name_nobody(self, talking: Consultation, user: User) -> None:
        joined = talk.join(consultation=talking, side=Side.PATIENT, peer=PEER, now=NOW + timedelta(minutes=10))
        (server,) = joined.ice_servers
        until, _, name = server["username"].partition(":")
        assert datetime.fromtimestamp(int(until), UTC) == NOW + timedelta(minutes=32)
        assert len(name) == 24
        assert not {str(user.pk), str(user.public_id), talking.room, str(talking.public_id)} & {name}

    def test_each_side_has_its_own(self, talking: Consultation) -> None:
        patient, doctor = (
            talk.join(consultation=talking, side=side, peer=PEER, now=NOW).ice_servers[0]["username"]
            for side in (Side.PATIENT, Side.DOCTOR)
        )
        assert patient != doctor

    def test_before_the_talk_there_are_none(self, calling: Consultation) -> None:
        with pytest.raises(WrongMoment):
            talk.join(consultation=calling, side=Side.PATIENT, peer=PEER, now=NOW)

    def test_where_no_relay_is_set_up_nobody_gets_any(self, talking: Consultation, settings: Any) -> None:
        settings.TURN_URLS = []
        assert talk.join(consultation=talking, side=Side.PATIENT, peer=PEER, now=NOW).ice_servers == []
