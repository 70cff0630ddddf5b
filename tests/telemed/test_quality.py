"""TM-18: accepted after seven calendar days of the insurer, unless quality is claimed; a claim is answered; a rating."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from accounts.models import User
from core.calendar import WorkingCalendar
from core.models import AuditEvent, CalendarDay
from core.money import Money
from notices.models import Notice
from policies.models import GivenBack, Policy, RenderedConsultation
from policies.queries.consultations import sum_insured_of
from telemed.models import ClaimAnswer, Consultation, ConsultationStep, QualityClaim, Rating
from telemed.queries.after import after_of
from telemed.rules import (
    Event,
    State,
    Verdict,
    WrongMoment,
    accepted_on,
    answer_due,
    counts_as_rendered,
    may_claim,
    may_rate,
    oldest_claimable,
)
from telemed.services.quality import TooLate, accept_next, answer_claim, file_claim, rate
from tests.forms import sends
from tests.people import aigul, insured_browser, oksana, staff_browser, zarina
from tests.telemed.after import a_talk, sent
from tests.telemed.factories import NOW, a_consultation, a_doctor, a_patient

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
def answers(
    claim: QualityClaim, verdict: Verdict, text: str = "Врач предупреждён", by: User | None = None
) -> ClaimAnswer:
    by = by or zarina(claim.consultation.insurer)
    return answer_claim(claim=claim, verdict=verdict, text=text, by=by, now=TOO_LATE)


def test_a_claim_is_answered_once_and_the_patient_is_told(concluded: Consultation) -> None:
    claim, coordinator = claims(concluded), zarina(concluded.insurer)
    answers(claim, Verdict.REJECTED, by=coordinator)
    assert Consultation.objects.get().state == State.REJECTED
    assert {notice.channel for notice in Notice.objects.filter(kind="claim_answered")} == {"email", "sms"}
    with pytest.raises(WrongMoment):
        answers(claim, Verdict.UPHELD, "Ещё раз", coordinator)
    assert ClaimAnswer.objects.get().text == "Врач предупреждён"


def test_neither_a_claim_nor_its_answer_is_ever_changed(concluded: Consultation) -> None:
    answers(claims(concluded), Verdict.UPHELD)
    for model in (QualityClaim, ClaimAnswer):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model._default_manager.update(text="другое")


# ── Upheld or not ────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("verdict", "state", "left"),
    [(Verdict.UPHELD, State.UPHELD, 1_000_000), (Verdict.REJECTED, State.REJECTED, 997_000)],
)
def test_upheld_it_does_not_count_as_rendered_and_the_sum_insured_is_whole_again(
    verdict: Verdict, state: State, left: int
) -> None:
    """TM-18: a claim that was right leaves nothing rendered, so nothing is taken (NL-7.12)."""
    talk = a_talk()
    Policy.objects.update(sum_insured=Decimal(1_000_000))
    sent(talk)
    answers(claims(talk), verdict)
    found = Consultation.objects.select_related("policy__insurer", "policy__product_version").get()
    assert found.policy
    assert (found.state, found.counts_as_rendered) == (state, verdict == Verdict.REJECTED)
    assert sum_insured_of(found.policy).left == Money(Decimal(left), "KZT")
    assert RenderedConsultation.objects.count() == 1  # the ledger only grows


def test_the_outcome_is_kept_with_who_when_and_why(concluded: Consultation) -> None:
    coordinator = zarina(concluded.insurer)
    answer = answers(claims(concluded), Verdict.UPHELD, "Врач был без связи", coordinator)
    assert (answer.verdict, answer.by, answer.at, answer.text) == (
        Verdict.UPHELD, coordinator, TOO_LATE, "Врач был без связи",
    )  # fmt: skip
    step, given_back = ConsultationStep.objects.get(kind=Event.UPHOLD), GivenBack.objects.get()
    assert (step.by, step.at, given_back.by, given_back.at) == (coordinator, TOO_LATE, coordinator, TOO_LATE)
    event = AuditEvent.objects.get(verb="answered a quality claim")
    assert (event.actor, event.detail) == (coordinator, {"verdict": "upheld"})


@pytest.mark.parametrize("verdict", Verdict)
def test_what_the_patient_paid_is_theirs_again_where_the_claim_was_right(verdict: Verdict) -> None:
    paid = a_talk(policy=None, price=5000, payment_reference="Kaspi 117")
    Consultation.objects.update(policy=None)
    paid.refresh_from_db()
    sent(paid)
    answers(claims(paid), verdict)
    found = Consultation.objects.get()
    assert found.owed_back == (Money(Decimal(5000), "KZT") if verdict == Verdict.UPHELD else None)
    told = Notice.objects.filter(kind="claim_answered", channel="email").get()
    assert told.context["is_owed_back"] is (verdict == Verdict.UPHELD)
    User.objects.update(language="en")
    shown = insured_browser(found.asked_by).get(found.get_absolute_url()).text
    assert ("The money is paid back to you in full." in shown) is (verdict == Verdict.UPHELD)


@pytest.mark.parametrize("how", [State.NOT_REACHED, State.CANCELLED_LATE])
def test_also_what_counted_without_a_talk_stops_counting(how: State) -> None:
    """TM-39, TM-41: whoever shows that it was not so is not charged."""
    user = aigul()
    policy, doctor = a_patient(user), a_doctor(oksana())
    made = a_consultation(user, policy, how, doctor=doctor, rendered_at=NOW, rendered_as="no_show", ended_at=NOW)
    answers(claims(made, NOW), Verdict.UPHELD)
    assert not Consultation.objects.get().counts_as_rendered


@pytest.mark.parametrize(
    ("state", "was_rendered", "counts"),
    [
        (State.CONCLUDED, True, True), (State.DISPUTED, True, True), (State.REJECTED, True, True),
        (State.ACCEPTED, True, True), (State.UPHELD, True, False), (State.CANCELLED, False, False),
    ],
)  # fmt: skip
def test_what_counts_as_rendered(state: State, was_rendered: bool, counts: bool) -> None:
    """Also while a claim is open: until its answer nothing is decided."""
    assert counts_as_rendered(state, was_rendered=was_rendered) is counts


def test_the_coordinator_chooses_the_outcome_and_the_patient_reads_it(concluded: Consultation) -> None:
    claim = claims(concluded)
    page = f"/assistance/claims/{claim.public_id}/"
    User.objects.update(language="en")
    room = staff_browser(zarina(concluded.insurer))
    room.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    unchosen = sends(room, page, {"text": "Мы слышали запись шагов"})
    assert "Choose how the claim ends" in unchosen.text
    assert "Мы слышали запись шагов" in unchosen.text
    assert not ClaimAnswer.objects.exists()
    sends(room, page, {"verdict": "upheld", "text": "Врач был без связи"})
    assert "The claim is right: the consultation does not count as rendered" in room.get(page).text
    shown = insured_browser(concluded.asked_by).get(concluded.get_absolute_url()).text
    for words in ("You were right to complain", "Врач был без связи", "Ask a doctor again"):
        assert words in shown


def test_an_outcome_that_is_none_is_refused_by_the_form_and_by_the_database(concluded: Consultation) -> None:
    claim, coordinator = claims(concluded), zarina(concluded.insurer)
    room = staff_browser(coordinator)
    assert sends(room, f"/assistance/claims/{claim.public_id}/", {"verdict": "maybe", "text": "…"}).status_code == 200
    with pytest.raises(DatabaseError, match="claim_answer_has_its_outcome"), transaction.atomic():
        ClaimAnswer.objects.create(claim=claim, verdict="maybe", text="…", by=coordinator, at=NOW)


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
ACTS = ["claim", "uphold", "reject", "accept", "wait a day", "wait a week", "rate"]


@trials(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        elif act in ("uphold", "reject"):
            verdict = Verdict.UPHELD if act == "uphold" else Verdict.REJECTED
            claim = QualityClaim.objects.filter(consultation=consultation).first()
            if claim:
                may = state == State.DISPUTED
                assert (
                    does(answer_claim, claim=claim, verdict=verdict, text="Ответ", by=consultation.asked_by, now=now)
                    is may
                )
                state = State(verdict.value) if may else state
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
