"""Figures: what PostgreSQL counts is what anybody would count by hand, and each term has its boundary."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.measures import quantile
from core.models import CalendarDay
from core.periods import Period
from policies.models import Policy
from policies.queries.scopes import Scope
from policies.rules import Rendering, Service
from telemed.models import ClaimAnswer, Consultation, Doctor, PaidBack, QualityClaim, Rating
from telemed.queries.figures import Report, report
from telemed.rules import Answering, State, Verdict
from telemed.rules.figures import ANSWER_WITHIN, Ending, Figures, Promise, by_length
from tests.factories import a_borrower, a_policy, a_programme_beside, an_insurer
from tests.people import aigul, oksana, yerlan, zarina
from tests.queries import statements
from tests.telemed.factories import NOW, a_booking, a_consultation, a_doctor, a_specialist

pytestmark = pytest.mark.django_db
TODAY = Period(date(2026, 11, 21), date(2026, 11, 21))  # NOW is its noon in Almaty
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy() -> Policy:
    return a_borrower()


@pytest.fixture
def doctor(policy: Policy) -> Doctor:
    return a_doctor(oksana(), insurer=policy.insurer)


def counted(policy: Policy, period: Period = TODAY, *, now: datetime = NOW) -> Figures:
    return report(Scope([policy.insurer], period), now=now).total


# ── How a request ended ──────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("ending", "facts"),
    [
        (Ending.TALK, {"state": State.TALKING, "called_at": NOW}),
        (Ending.TALK, {"state": State.ACCEPTED, "rendered_at": NOW}),
        (Ending.NOT_REACHED, {"state": State.NOT_REACHED, "rendered_at": NOW, "rendered_as": Rendering.NO_SHOW}),
        (Ending.NOT_REACHED, {"state": State.REJECTED, "rendered_at": NOW, "rendered_as": Rendering.NO_SHOW, "began_at": None}),
        (Ending.LATE, {"state": State.CANCELLED_LATE, "rendered_at": NOW, "rendered_as": Rendering.CANCELLED_LATE}),
        (Ending.UNPAID, {"state": State.UNPAID, "price": 5000, "queued_at": None}),
        (Ending.UNPAID, {"state": State.CANCELLED, "price": 5000, "queued_at": None}),
        (Ending.OPEN, {"state": State.WAITING, "price": 5000, "payment_reference": "Kaspi 117"}),
        (Ending.LEFT, {"state": State.CANCELLED, "ended_at": NOW}),
        (Ending.CANCELLED, {"state": State.CANCELLED, "ended_at": NOW, "called_at": NOW}),
        (Ending.OPEN, {"state": State.UNANSWERED, "called_at": NOW}),
    ],
)  # fmt: skip
def test_each_request_has_one_ending(
    user: User, policy: Policy, doctor: Doctor, ending: Ending, facts: dict[str, Any]
) -> None:
    given: dict[str, Any] = {"doctor": doctor} | facts
    a_consultation(user, policy, **given)
    assert counted(policy).endings == Counter({ending: 1})


def test_a_booking_that_was_called_off_left_no_queue(user: User, policy: Policy) -> None:
    a_booking(user, policy, a_specialist(yerlan(), insurer=policy.insurer), NOW, state=State.CANCELLED, ended_at=NOW)
    assert counted(policy).endings == Counter({Ending.CANCELLED: 1})


# ── The promise ──────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("promise", "facts"),
    [
        (Promise.KEPT, {"state": State.UNANSWERED, "called_at": NOW}),
        (Promise.BROKEN, {"state": State.UNANSWERED, "called_at": NOW + SECOND}),
        (Promise.NOT_TRIED, {"state": State.CANCELLED, "ended_at": NOW}),
        (Promise.BROKEN, {"state": State.CANCELLED, "ended_at": NOW + SECOND}),
        (Promise.NOT_TRIED, {"state": State.UNPAID, "price": 5000, "queued_at": None}),
    ],
)
def test_the_last_instant_of_ten_minutes_is_in_time(
    user: User, policy: Policy, doctor: Doctor, promise: Promise, facts: dict[str, Any]
) -> None:
    given: dict[str, Any] = {"doctor": doctor, "queued_at": NOW - ANSWER_WITHIN} | facts
    a_consultation(user, policy, **given)
    assert counted(policy, now=NOW + MINUTE).promises == Counter({promise: 1})


def test_who_waits_still_is_judged_when_the_ten_minutes_are_over(user: User, policy: Policy) -> None:
    a_consultation(user, policy, queued_at=NOW - ANSWER_WITHIN)
    assert counted(policy, now=NOW).promises == Counter({Promise.NOT_TRIED: 1})
    assert counted(policy, now=NOW + SECOND).promises == Counter({Promise.BROKEN: 1})


def test_a_booking_waits_from_its_time(user: User, policy: Policy) -> None:
    doctor = a_specialist(yerlan(), insurer=policy.insurer)
    a_booking(user, policy, doctor, NOW, state=State.UNANSWERED, called_at=NOW - MINUTE, asked_at=NOW - 5 * MINUTE)
    found = counted(policy)
    assert (found.promises, found.usual_wait) == (Counter({Promise.KEPT: 1}), timedelta(0))


def test_the_wait_ends_with_the_first_call_and_goes_on_after_a_failure_of_ours(
    user: User, policy: Policy, doctor: Doctor
) -> None:
    one = a_consultation(user, policy, State.UNANSWERED, doctor=doctor, called_at=NOW + 2 * MINUTE)
    one.called_at = NOW + 30 * MINUTE  # the doctor calls once more
    one.save()
    assert counted(policy).usual_wait == 2 * MINUTE
    one.called_at, one.doctor, one.state = None, None, State.WAITING
    one.save()
    one.called_at, one.doctor, one.state = NOW + 40 * MINUTE, doctor, State.UNANSWERED
    one.save()
    assert counted(policy).usual_wait == 40 * MINUTE


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=60), st.sampled_from([0.1, 0.5, 0.9, 1.0]))
def test_so_many_waited_no_longer_and_somebody_waited_exactly_so_long(waits: list[int], part: float) -> None:
    found = quantile(Counter(waits), part)
    assert found == sorted(waits)[max(ceil(round(len(waits) * part, 6)) - 1, 0)]


def test_nobody_waited() -> None:
    assert quantile(Counter(), 0.5) is None
    assert by_length(Counter()) == [0] * 8


def test_ten_minutes_are_within_the_term_in_the_picture_too() -> None:
    assert by_length(Counter({0: 1, 60: 1, 61: 1, 600: 1, 601: 1, 1801: 1})) == [2, 1, 0, 0, 1, 1, 0, 1]


# ── Days ─────────────────────────────────────────────────────────────────────
MIDNIGHT = datetime(2026, 11, 20, 19, tzinfo=UTC)  # with which 21 November begins in Almaty


@pytest.mark.parametrize(
    ("asked_at", "counts"),
    [
        (MIDNIGHT - timedelta(microseconds=1), False),
        (MIDNIGHT, True),
        (MIDNIGHT + timedelta(days=1, microseconds=-1), True),
        (MIDNIGHT + timedelta(days=1), False),
    ],
)
def test_a_day_begins_and_ends_at_the_insurers_midnight(
    user: User, policy: Policy, asked_at: datetime, counts: bool
) -> None:
    a_consultation(user, policy, asked_at=asked_at)
    assert counted(policy).requests == int(counts)


@pytest.mark.parametrize(
    ("asked_at", "hour"),
    [
        (datetime(2024, 2, 28, 18, tzinfo=UTC), 0),  # 0:00 at UTC+6
        (datetime(2024, 2, 29, 17, 59, 59, tzinfo=UTC), 23),  # 23:59:59, at UTC+6
        (datetime(2024, 2, 29, 18, 59, 59, tzinfo=UTC), 24),  # 23:59:59 for the second time, at UTC+5
        (datetime(2024, 2, 29, 19, tzinfo=UTC), None),  # 1 March
    ],
)
def test_the_hour_that_came_twice_belongs_to_29_february(
    user: User, policy: Policy, asked_at: datetime, hour: int | None
) -> None:
    a_consultation(user, policy, asked_at=asked_at)
    leap, march = date(2024, 2, 29), date(2024, 3, 1)
    by_hour = report(Scope([policy.insurer], Period(leap, leap)), now=NOW).over_time
    assert [figures.requests for figures in by_hour] == [hour == place for place in range(25)]
    assert counted(policy, Period(march, march)).requests == int(hour is None)


def test_two_insurers_have_each_their_own_day_and_their_own_totals(user: User, policy: Policy) -> None:
    sogaz = a_policy("1825 DM 0417", insurer=an_insurer("sogaz"))  # in Moscow it is midnight two hours later
    for one in (policy, sogaz):
        a_consultation(user, one, asked_at=MIDNIGHT)
        a_consultation(user, one, asked_at=MIDNIGHT + timedelta(hours=2), close_one="Мама")
    found = report(Scope([policy.insurer, sogaz.insurer], TODAY), now=NOW)
    assert [figures.requests for figures in found.by_insurer.values()] == [2, 1]
    assert [figures.requests for figures in found.over_time][:3] == [2, 0, 1]  # each at the hour of its own day


# ── Money ────────────────────────────────────────────────────────────────────
def test_what_is_owed_and_what_was_paid_back_is_counted(user: User, policy: Policy) -> None:
    paid = {"price": 5000, "payment_reference": "Kaspi 117", "ended_at": NOW}
    a_consultation(user, policy, State.CANCELLED, **paid)
    a_consultation(user, policy, State.CANCELLED_LATE, rendered_at=NOW, **paid)
    a_consultation(user, policy, State.CANCELLED, price=5000, ended_at=NOW)
    back = a_consultation(user, policy, State.UPHELD, rendered_at=NOW, **paid)
    PaidBack.objects.create(
        consultation=back, amount=5000, currency="KZT", reason="upheld", reference="118", paid_on=NOW, by=user, at=NOW
    )
    found = counted(policy)
    assert (found.owed, found.paid_back) == (2, 1)
    by_programme = report(Scope([policy.insurer], TODAY), now=NOW).by_programme
    assert sum(figures.paid_back for figures in by_programme.values()) == 1


# ── Claims ───────────────────────────────────────────────────────────────────
def claimed(user: User, policy: Policy, at: datetime, answered_at: datetime | None = None, **facts: Any) -> None:
    talk = a_consultation(user, policy, State.DISPUTED, rendered_at=NOW, asked_at=NOW - timedelta(days=60), **facts)
    claim = QualityClaim.objects.create(consultation=talk, by=user, text="Врач торопился", at=at)
    if answered_at:
        ClaimAnswer.objects.create(
            claim=claim, verdict=Verdict.REJECTED, by=zarina(policy.insurer), text="Ответ", at=answered_at
        )


def test_what_counts_as_rendered_and_how_claims_ended_is_counted(user: User, policy: Policy) -> None:
    """TM-18: an upheld claim takes the consultation out of what counts, in the figures too."""
    zarinas = zarina(policy.insurer)
    for verdict, state in ((Verdict.UPHELD, State.UPHELD), (Verdict.REJECTED, State.REJECTED), (None, State.DISPUTED)):
        talk = a_consultation(user, policy, state, rendered_at=NOW)
        claim = QualityClaim.objects.create(consultation=talk, by=user, text="Врач торопился", at=NOW)
        if verdict:
            ClaimAnswer.objects.create(claim=claim, verdict=verdict, by=zarinas, text="Ответ", at=NOW)
    a_consultation(user, policy, State.ACCEPTED, rendered_at=NOW)
    a_consultation(user, policy, State.CANCELLED, ended_at=NOW)
    found = counted(policy)
    assert (found.rendered, found.claims.total()) == (3, 3)
    assert found.verdicts == Counter({Verdict.UPHELD: 1, Verdict.REJECTED: 1})


# Filed on Saturday 21 November; 15 working days end with 11 December, of which the last second is this one.
LAST_SECOND = datetime(2026, 12, 11, 18, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answered_at", "now", "answering"),
    [
        (LAST_SECOND, LAST_SECOND, Answering.IN_TIME),
        (LAST_SECOND + SECOND, LAST_SECOND + SECOND, Answering.LATE),
        (None, LAST_SECOND, Answering.DUE),
        (None, LAST_SECOND + SECOND, Answering.OVERDUE),
    ],
)
def test_a_claim_is_counted_by_its_term(
    user: User, policy: Policy, doctor: Doctor, answered_at: datetime | None, now: datetime, answering: Answering
) -> None:
    claimed(user, policy, NOW, answered_at, doctor=doctor)
    assert counted(policy, now=now).claims == Counter({answering: 1})
    assert counted(policy, Period(date(2026, 11, 20), date(2026, 11, 20)), now=now).claims == Counter()


def test_a_day_off_that_staff_entered_moves_the_term(user: User, policy: Policy, doctor: Doctor) -> None:
    claimed(user, policy, NOW, doctor=doctor)
    CalendarDay.objects.create(country="KZ", date=date(2026, 12, 1), kind=CalendarDay.Kind.OFF, note="Указ")
    assert counted(policy, now=LAST_SECOND + SECOND).claims == Counter({Answering.DUE: 1})


# ── Against a count by hand ──────────────────────────────────────────────────
OUTCOMES = ["talk", "talk goes on", "not reached", "late", "cancelled", "open"]
REQUESTS = st.fixed_dictionaries({
    "whose": st.integers(0, 2),  # which policy
    "is_free": st.booleans(),
    "is_paid": st.booleans(),
    "is_booked": st.booleans(),
    "asked": st.integers(-40, 15),  # hours from NOW
    "called": st.none() | st.integers(0, 1300),  # seconds after a doctor was due
    "outcome": st.sampled_from(OUTCOMES),
    "lasted": st.integers(1, 1900),  # seconds
    "stars": st.none() | st.integers(1, 5),
})  # fmt: skip
LONG = Period(date(2026, 11, 20), date(2026, 11, 21))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(REQUESTS, max_size=9))
def test_postgresql_counts_as_anybody_would(
    user: User, policy: Policy, doctor: Doctor, requests: list[dict[str, Any]]
) -> None:
    with transaction.atomic():
        beside = a_programme_beside(policy, **dict(policy.product_version.content))
        other = a_borrower("NL-2", given_name="Болат")
        Policy.objects.filter(pk=other.pk).update(product_version=beside)
        policies = [policy, Policy.objects.get(pk=other.pk), a_policy("1825 DM 0417", insurer=an_insurer("sogaz"))]
        made = [asks(user, policies, doctor, number, facts) for number, facts in enumerate(requests)]
        scope = Scope([policies[0].insurer, policies[2].insurer], LONG)
        agrees(report(scope, now=NOW), [one for one in made if is_counted(one)])
        transaction.set_rollback(True)


def asks(user: User, policies: list[Policy], doctor: Doctor, number: int, facts: dict[str, Any]) -> Consultation:
    policy, asked_at = policies[facts["whose"]], NOW + timedelta(hours=facts["asked"])
    due = asked_at + timedelta(hours=24 * number + 1) if facts["is_booked"] else asked_at
    called_at = None if facts["called"] is None else due + facts["called"] * SECOND
    given: dict[str, Any] = {
        "asked_at": asked_at, "queued_at": None if facts["is_booked"] else asked_at, "called_at": called_at,
        "close_one": str(number), "price": 0 if facts["is_free"] else 5000, "doctor": doctor,
        "payment_reference": "Kaspi" if facts["is_paid"] else "",
    }  # fmt: skip
    if facts["is_booked"]:
        given |= {"starts_at": due, "ends_at": due + 30 * MINUTE, "service": Service.PLANNED_GP}
    begun = (called_at or due) + 20 * SECOND
    ended = begun + facts["lasted"] * SECOND
    state, more = {
        "talk": (State.ACCEPTED, {"began_at": begun, "ended_at": ended, "rendered_at": ended}),
        "talk goes on": (State.ACCEPTED, {"began_at": begun}),
        "not reached": (State.NOT_REACHED, {"ended_at": ended, "rendered_at": ended, "rendered_as": Rendering.NO_SHOW}),
        "late": (State.CANCELLED_LATE, {"ended_at": ended, "rendered_at": ended, "rendered_as": Rendering.CANCELLED_LATE}),
        "cancelled": (State.CANCELLED, {"ended_at": ended}),
        "open": (State.BOOKED if facts["is_booked"] else State.WAITING, {}),
    }[facts["outcome"]]  # fmt: skip
    one = a_consultation(user, policy, state, **(given | more))
    if not facts["is_free"]:
        one.policy = None
        one.save()
    if facts["stars"] and one.began_at:
        Rating.objects.create(consultation=one, stars=facts["stars"], by=user, at=NOW)
    return one


def is_counted(one: Consultation) -> bool:
    return LONG.first <= one.asked_at.astimezone(ZoneInfo(one.insurer.time_zone)).date() <= LONG.last


def agrees(found: Report, requests: list[Consultation]) -> None:
    assert_same(found.total, requests)
    for insurer, figures in found.by_insurer.items():
        assert_same(figures, [one for one in requests if one.insurer == insurer])
    for (insurer, name), figures in found.by_programme.items():
        assert_same(figures, [one for one in requests if one.insurer == insurer and programme_of(one) == name])
    for service, figures in found.by_service.items():
        assert_same(figures, [one for one in requests if one.service == service])
    for part, figures in enumerate(found.over_time):
        assert figures.requests == sum(day_of(one) == part for one in requests)


def programme_of(one: Consultation) -> str:
    return one.policy.product_version.name if one.policy else ""


def day_of(one: Consultation) -> int:
    return (one.asked_at.astimezone(ZoneInfo(one.insurer.time_zone)).date() - LONG.first).days


def assert_same(figures: Figures, requests: list[Consultation]) -> None:
    assert +figures.endings == Counter(map(ending_by_hand, requests))
    assert +figures.promises == Counter(map(promise_by_hand, requests))
    waits = sorted(wait for one in requests if (wait := wait_by_hand(one)) is not None)
    assert figures.usual_wait == (waits[ceil(len(waits) * 0.5) - 1] if waits else None)
    assert figures.long_wait == (waits[ceil(round(len(waits) * 0.9, 6)) - 1] if waits else None)
    talks = [one.ended_at - one.began_at for one in requests if one.began_at and one.ended_at]
    assert figures.talk_length == (sum(talks, timedelta(0)) / len(talks) if talks else None)
    assert figures.free == sum(one.price == 0 for one in requests)
    stars = list(Rating.objects.filter(consultation__in=requests).values_list("stars", flat=True))
    assert (figures.ratings, figures.stars) == (len(stars), sum(stars))


def ending_by_hand(one: Consultation) -> str:
    if one.began_at:
        return Ending.TALK
    if one.rendered_as:
        return Ending.NOT_REACHED if one.rendered_as == Rendering.NO_SHOW else Ending.LATE
    if one.price and not one.payment_reference:
        return Ending.UNPAID
    if one.state != State.CANCELLED:
        return Ending.OPEN
    return Ending.CANCELLED if one.starts_at or one.called_at else Ending.LEFT


def promise_by_hand(one: Consultation) -> str:
    due = one.starts_at or one.queued_at
    if due is None:
        return Promise.NOT_TRIED
    if one.called_at:
        return Promise.KEPT if one.called_at - due <= 10 * MINUTE else Promise.BROKEN
    return Promise.BROKEN if (one.ended_at or NOW) - due > 10 * MINUTE else Promise.NOT_TRIED


def wait_by_hand(one: Consultation) -> timedelta | None:
    due = one.starts_at or one.queued_at
    return max(one.called_at - due, timedelta(0)) if one.called_at and due else None


# ── The price ────────────────────────────────────────────────────────────────
def test_a_report_is_six_statements_however_many_have_asked(user: User, policy: Policy) -> None:
    for number in range(3):
        a_consultation(user, policy, close_one=str(number))
        with statements() as made:
            assert counted(policy).requests == number + 1
        assert len(made) == 6
