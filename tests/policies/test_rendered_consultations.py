"""The ledger of rendered consultations: what each took from the sum insured, once, and never below nothing (NL-7.12)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.models import ImmutableRow
from core.money import Money
from policies.models import GivenBack, Policy, RenderedConsultation
from policies.queries.consultations import sum_insured_of
from policies.rules import AccessKind, AccessScope, Rendering
from policies.rules.consultations import taken
from policies.services.access import grant_access
from policies.services.consultations import NotInsured, RecordedOtherwise, give_back_rendered, record_rendered
from tests.factories import a_borrower, a_person, a_policy_with_a_code
from tests.people import aigul, dana, insured_browser
from tests.queries import statements

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 7, tzinfo=UTC)
TODAY = date(2026, 11, 21)
HELD, NO_SHOW, LATE = Rendering.HELD, Rendering.NO_SHOW, Rendering.CANCELLED_LATE


def insured_for(amount: str | None) -> Policy:
    policy = a_borrower()
    policy.sum_insured = Decimal(amount) if amount else None
    policy.save()
    return policy


def record(policy: Policy, how: Rendering = HELD, **facts: Any) -> RenderedConsultation | None:
    usual: dict[str, Any] = {"person": policy.insured, "reference": uuid4(), "rendered_on": TODAY, "now": NOON}
    return record_rendered(**(usual | facts), policy=policy, how=how)


# ── What is taken ────────────────────────────────────────────────────────────
def test_a_consultation_takes_its_tariff_from_what_was_left() -> None:
    """V7: five at 3 000 of 2 000 000 leave 1 985 000."""
    policy = insured_for("2000000.00")
    rows = [record(policy) for _ in range(5)]
    assert [row.left for row in rows if row] == [Decimal(2_000_000 - 3_000 * n) for n in range(1, 6)]
    assert sum_insured_of(policy).left == Money(Decimal(1_985_000), "KZT")


@pytest.mark.parametrize(("how", "amount"), [(HELD, 3000), (NO_SHOW, 3000), (LATE, 0)])
def test_each_way_of_being_rendered_has_its_own_tariff(how: Rendering, amount: int) -> None:
    row = record(insured_for("2000000.00"), how)
    assert row
    assert (row.how, row.tariff, row.amount) == (how, amount, amount)


def test_the_last_one_takes_what_is_left_and_the_next_nothing() -> None:
    """TM-03: as many as one likes, so the doctors stay open."""
    policy = insured_for("4000.00")
    assert [(row.amount, row.left) for row in (record(policy), record(policy), record(policy)) if row] == [
        (3000, 1000), (1000, 0), (0, 0),
    ]  # fmt: skip


def test_without_a_sum_on_file_the_ledger_is_kept_all_the_same() -> None:
    policy = insured_for(None)
    row = record(policy)
    assert row
    assert (row.amount, row.left) == (3000, None)
    assert (sum_insured_of(policy).left, sum_insured_of(policy).taken.amount) == (None, 3000)


def test_a_programme_without_illness_payment_takes_nothing() -> None:
    policy, _code = a_policy_with_a_code()
    assert record(policy) is None
    assert not RenderedConsultation.objects.exists()


def test_a_sum_corrected_below_what_was_taken_leaves_nothing_and_no_debt() -> None:
    policy = insured_for("2000000.00")
    record(policy)
    policy.sum_insured = Decimal(2000)
    policy.save()
    assert sum_insured_of(policy).left == Money(Decimal(0), "KZT")
    row = record(policy)
    assert row
    assert (row.amount, row.left) == (0, 0)


@given(st.decimals(0, 10**6, places=2), st.none() | st.decimals(0, 10**6, places=2))
def test_never_more_than_the_tariff_nor_than_is_left(tariff: Decimal, left: Decimal | None) -> None:
    amount = taken(tariff, left)
    assert 0 <= amount <= tariff
    assert left is None or amount <= left


# ── Given back ───────────────────────────────────────────────────────────────
def give_back(reference: UUID) -> GivenBack | None:
    return give_back_rendered(reference=reference, reason="a quality claim was upheld", by=zarina(), now=NOON)


def zarina() -> User:
    return User.objects.get_or_create(email="zarina@example.kz", is_staff=True)[0]


def test_what_is_given_back_is_there_for_the_next_one() -> None:
    policy = insured_for("4000.00")
    record(policy, reference=REFERENCE)
    assert give_back(REFERENCE)
    assert sum_insured_of(policy).left == Money(Decimal(4000), "KZT")
    row = record(policy)
    assert row
    assert (row.number, row.amount, row.left) == (2, 3000, 1000)


def test_it_is_given_back_once() -> None:
    policy = insured_for("4000.00")
    record(policy, reference=REFERENCE)
    assert give_back(REFERENCE) == give_back(REFERENCE)
    assert sum_insured_of(policy).left == Money(Decimal(4000), "KZT")


def test_where_nothing_was_taken_nothing_is_given_back() -> None:
    assert give_back(uuid4()) is None


def test_the_cabinet_says_what_was_given_back_and_why() -> None:
    policy = insured_for("4000.00")
    record(policy, reference=REFERENCE)
    give_back(REFERENCE)
    with translation.override("en"):
        assert sum_insured_of(policy).rendered[0].explanation == (
            "Consultation held: given back, because a quality claim was upheld."
        )


def test_a_row_given_back_is_never_changed() -> None:
    record(insured_for("4000.00"), reference=REFERENCE)
    give_back(REFERENCE)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        GivenBack.objects.update(reason="другое")


# ── Once ─────────────────────────────────────────────────────────────────────
REFERENCE = UUID("7e1d6a4e-1111-4222-8333-444455556666")


def test_the_same_consultation_again_changes_nothing() -> None:
    policy = insured_for("2000000.00")
    assert record(policy, reference=REFERENCE) == record(policy, reference=REFERENCE, now=NOON + timedelta(days=1))
    assert RenderedConsultation.objects.count() == 1


@pytest.mark.parametrize("other", [{"how": NO_SHOW}, {"rendered_on": TODAY + timedelta(days=1)}])
def test_the_same_consultation_told_otherwise_is_refused(other: dict[str, Any]) -> None:
    policy = insured_for("2000000.00")
    record(policy, reference=REFERENCE)
    with pytest.raises(RecordedOtherwise):
        record(policy, **({"reference": REFERENCE} | other))


def test_the_same_consultation_of_another_policy_is_refused() -> None:
    policy = insured_for("2000000.00")
    record(policy, reference=REFERENCE)
    with pytest.raises(RecordedOtherwise):
        record(a_borrower("NL-2", given_name="Бота"), reference=REFERENCE)


def test_a_policy_that_covers_somebody_else_is_not_touched() -> None:
    policy = insured_for("2000000.00")
    with pytest.raises(NotInsured):
        record(policy, person=a_person(policy.insurer, given_name="Бота"))


def test_what_the_caller_rolls_back_was_never_recorded() -> None:
    policy = insured_for("2000000.00")
    with transaction.atomic():
        record(policy)
        transaction.set_rollback(True)
    assert sum_insured_of(policy).rendered == []


# ── What the database holds ──────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"amount": 4000}, "rendered_takes_the_tariff_at_most"),
        ({"amount": -1}, "rendered_takes_the_tariff_at_most"),
        ({"left": -1}, "rendered_leaves_no_debt"),
        ({"number": 1}, "rendered_numbered_in_a_row"),
        ({"reference": REFERENCE}, "reference"),
    ],
)
def test_a_row_that_does_not_add_up_is_refused(wrong: dict[str, Any], constraint: str) -> None:
    policy = insured_for("2000000.00")
    record(policy, reference=REFERENCE)
    row = {
        "number": 2,
        "reference": uuid4(),
        "how": HELD,
        "rendered_on": TODAY,
        "tariff": 3000,
        "amount": 3000,
        "left": 0,
    }
    with pytest.raises(IntegrityError, match=constraint):
        RenderedConsultation.objects.create(policy=policy, **(row | wrong))


def test_the_ledger_only_grows() -> None:
    row = record(insured_for("2000000.00"))
    assert row
    with pytest.raises(ImmutableRow):
        row.save()
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("DELETE FROM policies_renderedconsultation")


def test_it_costs_the_same_whatever_was_recorded_before() -> None:
    policy = insured_for("2000000.00")
    person = policy.insured
    for _ in range(12):
        with statements() as made:
            record(policy, person=person)
        assert len(made) == 5, made


# ── What the insured person reads ────────────────────────────────────────────
def page_of(policy: Policy, user: Any, scope: AccessScope = AccessScope.FULL) -> str:
    grant_access(user=user, person=policy.insured, kind=AccessKind.SELF, scope=scope, proof="x", by=None, now=NOON)
    browser = insured_browser(user)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser.get(policy.get_absolute_url()).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_the_policys_page_tells_what_was_taken_when_why_and_what_is_left() -> None:
    policy = insured_for("5000.00")
    for how in (HELD, LATE, NO_SHOW):
        record(policy, how)
    page = page_of(policy, aigul())
    for words in (
        "21 November 2026: 3 000 ₸", "21 November 2026: 2 000 ₸", "21 November 2026: 0 ₸", "by the tariff",
        "nothing is taken for it", "the tariff is 3 000 ₸, but less was left", "Left after it: 2 000 ₸", "Rules, 7.12",
    ):  # fmt: skip
        assert words in page


def test_a_limited_access_reads_the_contracts_sum_and_no_consultations() -> None:
    policy = insured_for("2000000.00")
    record(policy)
    page = page_of(policy, dana(), AccessScope.LIMITED)
    assert "2 000 000 ₸" in page
    assert "Taken by consultations" not in page


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("how", Rendering)
def test_each_row_explains_itself_in_every_language(language: str, how: Rendering) -> None:
    row = record(insured_for("1000.00"), how)
    assert row
    with translation.override(language):
        assert "%(" not in row.explanation
