"""TM-18: accepted after seven calendar days of the insurer, unless quality is claimed; a claim is answered; a rating."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.calendar import WorkingCalendar
from core.models import CalendarDay
from notices.models import Notice
from telemed.models import ClaimAnswer, Consultation, ConsultationStep, QualityClaim, Rating
from telemed.queries.after import after_of
from telemed.rules import Event, State, WrongMoment, accepted_on, answer_due, may_claim, may_rate, oldest_claimable
from telemed.services.quality import TooLate, accept_next, answer_claim, file_claim, rate
from tests.people import zarina
from tests.telemed.after import a_talk, sent

pytestmark = pytest.mark.django_db
RENDERED = date(2026, 11, 21)
# Rendered on 21 November in Almaty (UTC+5), so the last second is that of the 28th there.
LAST_SECOND = datetime(2026, 11, 28, 18, 59, 59, tzinfo=UTC)
TOO_LATE = LAST_SECOND + timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def concluded() -> Consultation:
    sent(a_talk())
    return Consultation.objects.get()


def claims(consultation: Consultation, now: datetime = LAST_SECOND) -> QualityClaim:
    return file_claim(consultation=consultation, text="Врач торопился", by=consultation.asked_by, now=now)


def accept_all(now: datetime) -> int:
    accepted = 0
    while accept_next(now=now):
        accepted += 1
    return accepted


# ── The terms ────────────────────────────────────────────────────────────────
def test_the_seventh_day_is_in_time_and_the_eighth_is_not() -> None:
    assert may_claim(RENDERED, today=date(2026, 11, 28))
    assert not may_claim(RENDERED, today=date(2026, 11, 29))
    assert accepted_on(RENDERED) == date(2026, 11, 29)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(-30, 30))
def test_what_cannot_be_claimed_is_accepted_and_nothing_else_is(rendered_on: date, days: int) -> None:
    today = rendered_on + days * DAY
    assert may_claim(rendered_on, today=today) is (rendered_on >= oldest_claimable(today))


def test_an_answer_is_due_in_fifteen_working_days() -> None:
    """21 November is a Saturday; 16 December is a day off."""
    assert answer_due(RENDERED, WorkingCalendar("KZ")).due == date(2026, 12, 11)
    assert answer_due(date(2026, 12, 1), WorkingCalendar("KZ")).due == date(2026, 12, 23)


# ── Claimed ──────────────────────────────────────────────────────────────────
def test_quality_is_claimed_until_the_last_second_of_the_seventh_day_on_the_insurers_clock(
    concluded: Consultation,
) -> None:
    with pytest.raises(TooLate):
        claims(concluded, TOO_LATE)
    claims(concluded, LAST_SECOND)
    assert Consultation.objects.get().state == State.DISPUTED
    assert QualityClaim.objects.get().text == "Врач торопился"


def test_one_consultation_has_one_claim(concluded: Consultation) -> None:
    claims(concluded)
    with pytest.raises(WrongMoment):
        claims(concluded)


def test_what_was_not_rendered_has_nothing_to_be_claimed() -> None:
    with pytest.raises(WrongMoment):
        claims(a_talk())


def test_the_patient_reads_when_the_answer_is_due(concluded: Consultation) -> None:
    claims(concluded, datetime(2026, 11, 23, 7, tzinfo=UTC))
    after = after_of(Consultation.objects.get(), now=LAST_SECOND)
    assert after.answer_due_on == date(2026, 12, 14)
    CalendarDay.objects.create(country="KZ", date=date(2026, 12, 1), kind=CalendarDay.Kind.OFF, note="Указ")
    assert after_of(Consultation.objects.get(), now=LAST_SECOND).answer_due_on == date(2026, 12, 15)


# ── Answered ─────────────────────────────────────────────────────────────────
def test_a_claim_is_answered_once_and_the_patient_is_told(concluded: Consultation) -> None:
    claim, coordinator = claims(concluded), zarina(concluded.insurer)
    answer_claim(claim=claim, text="Врач предупреждён", by=coordinator, now=TOO_LATE)
    assert Consultation.objects.get().state == State.SETTLED
    assert {notice.channel for notice in Notice.objects.filter(kind="claim_answered")} == {"email", "sms"}
    with pytest.raises(WrongMoment):
        answer_claim(claim=claim, text="Ещё раз", by=coordinator, now=TOO_LATE)
    assert ClaimAnswer.objects.get().text == "Врач предупреждён"


def test_neither_a_claim_nor_its_answer_is_ever_changed(concluded: Consultation) -> None:
    answer_claim(claim=claims(concluded), text="Ответ", by=zarina(concluded.insurer), now=TOO_LATE)
    for model in (QualityClaim, ClaimAnswer):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model._default_manager.update(text="другое")


# ── Accepted ─────────────────────────────────────────────────────────────────
def test_without_a_claim_it_is_accepted_when_the_seventh_day_is_over(concluded: Consultation) -> None:
    assert accept_all(LAST_SECOND) == 0
    assert accept_all(TOO_LATE) == 1
    assert Consultation.objects.get().state == State.ACCEPTED
    step = ConsultationStep.objects.get(kind=Event.ACCEPT)
    assert (step.by, step.at) == (None, TOO_LATE)


def test_what_is_claimed_is_not_accepted_by_itself(concluded: Consultation) -> None:
    claims(concluded)
    assert accept_all(TOO_LATE + 90 * DAY) == 0


def test_each_insurer_has_its_own_midnight(concluded: Consultation) -> None:
    insurer = concluded.insurer
    insurer.time_zone = "Europe/Moscow"
    insurer.save()
    assert accept_all(TOO_LATE) == 0
    assert accept_all(TOO_LATE + timedelta(hours=2)) == 1


# ── Rated ────────────────────────────────────────────────────────────────────
def rates(consultation: Consultation, stars: int, words: str = "") -> Rating:
    return rate(consultation=consultation, stars=stars, words=words, by=consultation.asked_by, now=LAST_SECOND)


def test_a_rating_is_changed_until_the_consultation_is_accepted(concluded: Consultation) -> None:
    rates(concluded, 2)
    rates(concluded, 5, "Спасибо")
    assert (Rating.objects.get().stars, Rating.objects.get().words) == (5, "Спасибо")
    accept_all(TOO_LATE)
    with pytest.raises(WrongMoment):
        rates(concluded, 1)


def test_who_comes_late_may_still_rate_once(concluded: Consultation) -> None:
    accept_all(TOO_LATE)
    rates(concluded, 4)
    with pytest.raises(WrongMoment):
        rates(concluded, 5)


def test_what_was_never_held_is_not_rated() -> None:
    assert not may_rate(State.NOT_REACHED, has_rated=False)
    with pytest.raises(WrongMoment):
        rates(a_talk(), 5)


@pytest.mark.parametrize("stars", [0, 6])
def test_the_database_knows_five_stars(concluded: Consultation, stars: int) -> None:
    with pytest.raises(DatabaseError, match="rating_stars"):
        rates(concluded, stars)


# ── A life ───────────────────────────────────────────────────────────────────
ACTS = ["claim", "answer", "accept", "wait a day", "wait a week", "rate"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(ACTS), max_size=8))
def test_whatever_is_tried_in_whatever_order_a_claim_lives_as_the_rules_say(
    concluded: Consultation, acts: list[str]
) -> None:
    with transaction.atomic():
        live(concluded, acts)
        transaction.set_rollback(True)


def live(consultation: Consultation, acts: list[str]) -> None:
    state, now = State.CONCLUDED, datetime(2026, 11, 21, 8, tzinfo=UTC)
    for act in acts:
        today = consultation.insurer.today(now)
        if act.startswith("wait"):
            now += DAY if act == "wait a day" else 7 * DAY
        elif act == "claim":
            may = state == State.CONCLUDED and today <= date(2026, 11, 28)
            assert does(claims, consultation, now) is may
            state = State.DISPUTED if may else state
        elif act == "answer":
            claim = QualityClaim.objects.filter(consultation=consultation).first()
            if claim:
                may = state == State.DISPUTED
                assert does(answer_claim, claim=claim, text="Ответ", by=consultation.asked_by, now=now) is may
                state = State.SETTLED
        elif act == "accept":
            may = state == State.CONCLUDED and today > date(2026, 11, 28)
            assert bool(accept_all(now)) is may
            state = State.ACCEPTED if may else state
        else:
            again = Rating.objects.exists()
            assert does(rates, consultation, 3) is may_rate(state, has_rated=again)
        assert Consultation.objects.get().state == state


def does(act: Any, *arguments: Any, **named: Any) -> bool:
    try:
        act(*arguments, **named)
    except (WrongMoment, TooLate):
        return False
    return True
