"""«Am I covered?»: one answer with its price, its day and the steps that led to it (KIH-06…09, TM-27, TM-28, TM-44)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import add_calendar_days
from core.money import Money
from policies.models import Person, Policy, ProductVersion
from policies.queries import cover_for, covers_for, offers_at_door
from policies.rules import Cover, CoverKind, PriceList, Service, SpecialistTime, Terms
from policies.rules.cover import Held, Why, cover_by
from policies.services.cover import start_cover
from tests.factories import (
    a_borrower,
    a_person,
    a_policy,
    a_policy_with_a_code,
    a_product,
    a_programme,
    an_insurer,
)
from tests.queries import statements

FREE, LISTED, DEARER = (Money(Decimal(amount), "KZT") for amount in ("0", "5000", "8000"))
TODAY, DAY, SECOND = date(2026, 11, 21), timedelta(days=1), timedelta(seconds=1)
DUTY, PLANNED, SPECIALIST = Service.DUTY_GP, Service.PLANNED_GP, Service.SPECIALIST


def terms(**changes: Any) -> Terms:
    """A programme of duty doctors and specialists, as «Личный врач» is."""
    consultations = {
        "covers": ["duty_gp", "specialist"], "paid_meanwhile": True, "relatives_included": True,
        "specialist_time": "duty_doctor",
    }  # fmt: skip
    words = {"ru": "Слова"}
    return Terms.from_data({
        "names": words, "summary": words, "door": "policy_code", "support": {"ru": "Звоните"},
        "clauses": {"cover": {"ru": "п. 5"}}, "consultations": consultations | changes,
    })  # fmt: skip


PRICES = PriceList({DUTY: Decimal(5000), PLANNED: Decimal(5000), SPECIALIST: Decimal(8000)}, "KZT")
NO_PRICES = PriceList({}, "KZT")


def held(first: date | None, last: date | None = None, *, policy: int = 1, **changes: Any) -> Held:
    return Held(policy, terms(**changes), first, last)


def asked(*policies: Held, service: Service = DUTY, prices: PriceList = PRICES, close: bool = False) -> Cover:
    return cover_by(policies, service=service, prices=prices, today=TODAY, for_close_one=close)


# ── One policy ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("policy", "kind", "price", "why"),
    [
        (held(TODAY), CoverKind.COVERED, FREE, [Why.COVERS, Why.STARTS, Why.FREE]),
        (held(TODAY, TODAY), CoverKind.COVERED, FREE, [Why.COVERS, Why.STARTS, Why.ENDS, Why.FREE]),
        (held(TODAY + DAY), CoverKind.NOT_BEFORE, LISTED, [Why.COVERS, Why.STARTS, Why.PAID_MEANWHILE]),
        (
            held(TODAY + DAY, paid_meanwhile=False), CoverKind.NOT_BEFORE, None,
            [Why.COVERS, Why.STARTS, Why.CLOSED_MEANWHILE],
        ),
        (held(TODAY - DAY, TODAY - DAY), CoverKind.ENDED, LISTED, [Why.COVERS, Why.ENDED, Why.LISTED]),
        (held(None), CoverKind.SELF_PAID, LISTED, [Why.COVERS, Why.NOT_ACTIVATED, Why.LISTED]),
        (held(TODAY, covers=["specialist"]), CoverKind.SELF_PAID, LISTED, [Why.COVERS_NOT, Why.LISTED]),
    ],
)  # fmt: skip
def test_each_answer_comes_with_its_price_and_the_steps_that_led_to_it(
    policy: Held, kind: CoverKind, price: Money | None, why: list[Why]
) -> None:
    cover = asked(policy)
    assert (cover.kind, cover.price, cover.policy) == (kind, price, 1)
    assert [step.why for step in cover.steps] == why


def test_what_neither_the_programme_nor_the_price_list_has_cannot_be_had() -> None:
    cover = asked(held(TODAY), service=Service.SECOND_OPINION)
    assert (cover.kind, cover.price, cover.may_be_paid) == (CoverKind.NO, None, False)
    assert [step.why for step in cover.steps] == [Why.COVERS_NOT, Why.UNLISTED]


def test_without_a_price_list_an_ended_cover_says_so_and_names_no_price() -> None:
    cover = asked(held(TODAY - DAY, TODAY - DAY), prices=NO_PRICES)
    assert (cover.kind, cover.price, cover.ended_on) == (CoverKind.ENDED, None, TODAY - DAY)


def test_a_cover_to_come_names_its_day_and_what_is_paid_until_and_after() -> None:
    """KIH-07, V16."""
    cover = asked(held(TODAY + DAY), service=SPECIALIST)
    assert (cover.covered_from, cover.price, cover.price_later) == (TODAY + DAY, DEARER, FREE)
    assert cover.may_be_paid


def test_a_programme_without_consultations_covers_none() -> None:
    nothing = Terms.from_data({"names": {}, "summary": {}, "door": "own_number"})
    assert asked(Held(1, nothing, TODAY, None)).kind == CoverKind.SELF_PAID
    assert asked(Held(1, nothing, TODAY, None), prices=NO_PRICES).kind == CoverKind.NO


def test_a_step_names_its_clause_and_its_facts() -> None:
    starts = asked(held(date(2025, 3, 16))).steps[1]
    assert starts.clause == {"ru": "п. 5"}
    with translation.override("en"):
        assert starts.said() == "Cover runs from 16 March 2025."
    assert asked(held(TODAY)).steps[0].clause == {}


def test_whom_to_turn_to_is_said_where_the_price_is_not_0() -> None:
    """TM-27."""
    assert asked(held(TODAY)).support is None
    for policy in (held(TODAY + DAY), held(TODAY - DAY, TODAY - DAY), held(None), held(TODAY, covers=["specialist"])):
        assert asked(policy).support == {"ru": "Звоните"}


# ── Somebody close ───────────────────────────────────────────────────────────
def test_for_somebody_close_the_policy_of_the_insured_person_counts_where_the_programme_says_so() -> None:
    """KIH-20, requirements.md 9.15."""
    cover = asked(held(TODAY), close=True)
    assert (cover.kind, cover.policy) == (CoverKind.COVERED, 1)
    assert Why.COVERS_CLOSE_ONES in [step.why for step in cover.steps]


def test_elsewhere_whoever_is_not_insured_pays() -> None:
    cover = asked(held(TODAY, relatives_included=False), close=True)
    assert (cover.kind, cover.price) == (CoverKind.SELF_PAID, LISTED)
    assert [step.why for step in cover.steps] == [Why.COVERS, Why.INSURED_ONLY, Why.LISTED]


# ── Several policies ─────────────────────────────────────────────────────────
def test_one_policy_that_covers_is_enough() -> None:
    ended, later, other = held(TODAY - DAY, TODAY - DAY), held(TODAY + DAY), held(TODAY, covers=["specialist"])
    cover = asked(ended, later, other, held(TODAY, policy=9))
    assert (cover.kind, cover.policy) == (CoverKind.COVERED, 9)


def test_of_two_covers_to_come_the_earlier_counts_and_of_two_that_ended_the_later() -> None:
    to_come = asked(held(TODAY + 9 * DAY, policy=1), held(TODAY + DAY, policy=2))
    assert (to_come.policy, to_come.covered_from) == (2, TODAY + DAY)
    ended = asked(held(TODAY - 9 * DAY, TODAY - 9 * DAY, policy=1), held(TODAY - DAY, TODAY - DAY, policy=2))
    assert (ended.policy, ended.ended_on) == (2, TODAY - DAY)


def test_who_has_no_policy_is_not_recognised_and_pays() -> None:
    cover = asked()
    assert (cover.kind, cover.price, cover.policy) == (CoverKind.SELF_PAID, LISTED, None)
    assert cover.steps[0].why == Why.NOT_RECOGNISED


DAYS = st.dates(TODAY - 40 * DAY, TODAY + 40 * DAY)


@st.composite
def policies(draw: Callable[..., Any]) -> Held:
    first = draw(st.none() | DAYS)
    last = draw(st.none() | st.integers(0, 60).map(lambda days: first + days * DAY)) if first else None
    covers = draw(st.lists(st.sampled_from(Service.values), min_size=1, unique=True))
    return held(
        first, last, policy=draw(st.integers(1, 99)), covers=covers, paid_meanwhile=draw(st.booleans()),
        relatives_included=draw(st.booleans()),
    )  # fmt: skip


@given(
    st.lists(policies(), max_size=5, unique_by=lambda one: one.policy),
    st.sampled_from(Service),
    st.sampled_from([PRICES, NO_PRICES]),
    DAYS,
    st.booleans(),
)
def test_for_any_policies_there_is_one_answer_and_covered_wins(
    several: list[Held], service: Service, prices: PriceList, today: date, close: bool
) -> None:
    cover = cover_by(several, service=service, prices=prices, today=today, for_close_one=close)
    alone = [cover_by([one], service=service, prices=prices, today=today, for_close_one=close) for one in several]
    assert cover.is_covered == any(one.is_covered for one in alone)
    assert not several or cover in alone
    assert cover.price is None or cover.price.amount >= 0
    assert cover.is_covered == (cover.price == FREE)
    assert (cover.kind == CoverKind.NOT_BEFORE) == (cover.covered_from is not None)
    assert (cover.kind == CoverKind.ENDED) == (cover.ended_on is not None)
    assert all(step.said() for step in cover.steps)
    assert cover == cover_by(several[::-1], service=service, prices=prices, today=today, for_close_one=close)


# ── Both sides of each boundary, on the insurer's clock ──────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("activated_at", "first", "last"),  # V16, and what the calendar has of its own
    [
        (datetime(2025, 3, 1, 7, tzinfo=UTC), date(2025, 3, 16), date(2026, 3, 15)),
        (datetime(2025, 3, 1, 18, 59, 59, tzinfo=UTC), date(2025, 3, 16), date(2026, 3, 15)),  # 23:59:59 in Almaty
        (datetime(2025, 3, 1, 19, tzinfo=UTC), date(2025, 3, 17), date(2026, 3, 16)),
        (datetime(2024, 2, 15, 7, tzinfo=UTC), date(2024, 3, 1), date(2025, 2, 28)),  # the clocks moved on 1 March 2024
        (datetime(2028, 2, 14, 7, tzinfo=UTC), date(2028, 2, 29), date(2029, 2, 28)),
        (datetime(2027, 2, 14, 7, tzinfo=UTC), date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_personal_doctor_is_paid_for_fifteen_days_and_free_for_twelve_months(
    activated_at: datetime, first: date, last: date
) -> None:
    policy, _code = a_policy_with_a_code()
    start_cover(policy=policy, by=None, now=activated_at)
    begins, ends = midnight(policy, first), midnight(policy, add_calendar_days(last, 1))
    found = [at(policy.insured, now) for now in (begins - SECOND, begins, ends - SECOND, ends)]
    assert [(cover.kind, cover.price) for cover in found] == [
        (CoverKind.NOT_BEFORE, LISTED), (CoverKind.COVERED, FREE), (CoverKind.COVERED, FREE), (CoverKind.ENDED, LISTED),
    ]  # fmt: skip
    assert (found[0].covered_from, found[3].ended_on) == (first, last)


def midnight(policy: Policy, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=policy.insurer.zone).astimezone(UTC)


def at(person: Person, now: datetime, service: Service = DUTY, *, close: bool = False) -> Cover:
    return cover_for(person, service=service, now=now, for_close_one=close)


@pytest.mark.django_db
def test_the_hour_that_came_twice_belongs_to_the_last_day_of_waiting() -> None:
    """On 1 March 2024 at 00:00 the clocks of Almaty went back to 23:00 of 29 February."""
    policy, _code = a_policy_with_a_code()
    start_cover(policy=policy, by=None, now=datetime(2024, 2, 15, 7, tzinfo=UTC))
    twice, begins = datetime(2024, 2, 29, 18, tzinfo=UTC), datetime(2024, 2, 29, 19, tzinfo=UTC)
    assert [at(policy.insured, now).kind for now in (twice, begins - SECOND, begins)] == [
        CoverKind.NOT_BEFORE, CoverKind.NOT_BEFORE, CoverKind.COVERED,
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_days_of_a_russian_policy_are_moscows() -> None:
    insurer = an_insurer("sogaz")
    version = with_consultations(insurer.products.get().newest_version)
    policy = a_policy("1825", insurer=insurer, cover_starts_on=TODAY)
    Policy.objects.filter(pk=policy.pk).update(product_version=version)
    begins = datetime(2026, 11, 20, 21, tzinfo=UTC)
    found = [at(policy.insured, now) for now in (begins - SECOND, begins)]
    assert [cover.kind for cover in found] == [CoverKind.NOT_BEFORE, CoverKind.COVERED]
    assert found[1].price == Money(Decimal(0), "RUB")


def with_consultations(version: ProductVersion) -> ProductVersion:
    consultations = a_borrower().product_version.content["consultations"]
    return ProductVersion.objects.create(
        product=version.product, number=version.number + 1, digest="other",
        content=version.content | {"consultations": consultations},
    )  # fmt: skip


# ── Our programmes ───────────────────────────────────────────────────────────
NOON = datetime(2026, 11, 21, 7, tzinfo=UTC)


@pytest.mark.django_db
def test_nomad_covers_all_four_kinds_and_nobody_but_the_insured_person() -> None:
    """TM-05…08."""
    person = a_borrower(cover_starts_on=TODAY).insured
    assert {cover.kind for cover in covers_for(person, now=NOON)} == {CoverKind.COVERED}
    for_a_close_one = covers_for(person, now=NOON, for_close_one=True)
    assert {(cover.kind, cover.price) for cover in for_a_close_one} == {(CoverKind.SELF_PAID, LISTED)}


@pytest.mark.django_db
def test_personal_doctor_covers_what_its_memo_names_for_close_ones_too() -> None:
    policy, _code = a_policy_with_a_code()
    start_cover(policy=policy, by=None, now=NOON)
    for close in (False, True):
        kinds = {
            cover.service: cover.kind for cover in covers_for(policy.insured, now=NOON + 15 * DAY, for_close_one=close)
        }
        assert [service for service, kind in kinds.items() if kind == CoverKind.COVERED] == [
            Service.DUTY_GP, Service.DUTY_PAEDIATRICIAN, Service.SPECIALIST,
        ]  # fmt: skip
        assert kinds[Service.SECOND_OPINION] == CoverKind.SELF_PAID


@pytest.mark.django_db
def test_who_sets_a_specialists_hour_is_the_programmes() -> None:
    a_borrower()
    a_policy_with_a_code()
    found = {
        code: a_programme(code).terms.consultations.specialist_time
        for code in ("life-with-telemedicine", "personal-doctor")
    }
    assert found == {
        "life-with-telemedicine": SpecialistTime.PATIENT, "personal-doctor": SpecialistTime.DUTY_DOCTOR,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_policy_keeps_what_it_was_sold_with_and_pays_todays_price() -> None:
    """«Действующий ценовой лист»: the list in force, whatever was sold when."""
    policy = a_borrower(cover_starts_on=TODAY + DAY)
    version = policy.product_version
    content = version.content | {"consultations": version.content["consultations"] | {"covers": ["second_opinion"]}}
    ProductVersion.objects.create(product=version.product, number=2, digest="2", content=content)
    policy.insurer.price_list = policy.insurer.price_list | {"duty_gp": "6000.00"}
    policy.insurer.save()
    cover = at(Person.objects.get(), NOON)
    assert (cover.kind, cover.price) == (CoverKind.NOT_BEFORE, Money(Decimal(6000), "KZT"))


# ── At the door by number (TM-27, TM-28) ─────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "price"),
    [
        (datetime(2026, 3, 31, 18, 59, 59, tzinfo=UTC), LISTED),  # Almaty: 31 March, 23:59:59
        (datetime(2026, 3, 31, 19, 0, tzinfo=UTC), FREE),  # the first day begins
        (datetime(2027, 3, 31, 18, 59, 59, tzinfo=UTC), FREE),  # the last second of the last day
        (datetime(2027, 3, 31, 19, 0, tzinfo=UTC), LISTED),
    ],
)
def test_the_door_names_the_same_price(now: datetime, price: Money) -> None:
    policy = a_borrower(cover_starts_on=date(2026, 4, 1))
    (offer,) = offers_at_door(policy.product_version, policy=policy, now=now)
    assert offer.services == list(Service)
    assert offer.cover.price == price == at(policy.insured, now).price


@pytest.mark.django_db
def test_who_was_not_recognised_is_told_the_price_list() -> None:
    (offer,) = offers_at_door(a_borrower().product_version, policy=None, now=NOON)
    assert (offer.cover.kind, offer.cover.price) == (CoverKind.SELF_PAID, LISTED)


@pytest.mark.django_db
def test_a_door_without_a_price_list_names_none() -> None:
    assert offers_at_door(a_product(), policy=None, now=NOON) == []


@pytest.mark.django_db
def test_nothing_is_promised_of_a_cover_that_the_activation_will_set() -> None:
    policy, _code = a_policy_with_a_code()
    assert offers_at_door(policy.product_version, policy=policy, now=NOON) == []


# ── What it costs ────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 30])
def test_the_answer_takes_one_statement_and_the_insurer_however_many_policies_there_are(number: int) -> None:
    person = a_person(an_insurer("nomad-life"))
    for one in range(number):
        a_borrower(f"NL-{one}", person=person)
    person = Person.objects.get()
    with statements() as made:
        covers_for(person, now=NOON)
    assert len(made) == 2
    with statements() as made:
        at(person, NOON)
    assert len(made) == 1
