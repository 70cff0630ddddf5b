"""The second wall around claims: reviewers, payers, claimants and guests see theirs, whatever the ORM asks for (adr/0046)."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model

from accounts.models import User
from claims.models import (
    Absence,
    BankLink,
    BaseRate,
    CalendarEdit,
    Claim,
    Decision,
    ExcludedCountry,
    Item,
    Note,
    Page,
    Penalty,
    Step,
    Stop,
    Wording,
)
from claims.rules.life import JOB
from core.grants import append_only_tables
from core.models import Upload, UploadStep
from core.rows.viewers import Viewer, also, seen_by
from policies.models import Access, StaffMembership
from policies.rules import AccessKind, AccessScope, StaffRole
from tests.claims.factories import NOW, TODAY
from tests.people import a_person
from tests.policies.conftest import originals
from tests.security.claim_rows import (
    ALL,
    CASE,
    MONEY,
    PAPERS,
    Case,
    Looks,
    a_visitor,
    another_guest,
    found_by,
    guests_case,
    her_case,
    somebody_insured,
    staff,
    tables,
    the_bank,
    the_claimant,
    the_guest,
)

__all__ = ["originals"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "originals")]

BARE = {Absence, BaseRate, CalendarEdit, ExcludedCountry, Wording}  # nothing of a person stands there
DECIDES = [staff(StaffRole.REVIEWER), staff(StaffRole.APPROVER)]


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hers() -> Case:
    return her_case()


@pytest.fixture
def guests(hers: Case) -> Case:
    return guests_case()


SIGHT: list[tuple[Looks, set[type[Model]]]] = [
    *((looks, ALL - MONEY) for looks in DECIDES),
    (staff(StaffRole.AUDITOR), ALL),
    (staff(StaffRole.CASHIER), CASE - PAPERS | MONEY),
    *((staff(role), set()) for role in (StaffRole.OPERATOR, StaffRole.REGISTRAR, StaffRole.COORDINATOR)),
    (the_claimant, CASE),
    (somebody_insured, set()),
    (the_guest, CASE),
    (another_guest, set()),
    (the_bank, {Item, Page, BankLink, Upload, UploadStep}),
    (a_visitor, set()),
]


@pytest.mark.parametrize(("looks", "sees"), SIGHT, ids=lambda part: getattr(part, "__name__", ""))
def test_whoever_looks_finds_their_own_rows_and_no_others(
    hers: Case, guests: Case, looks: Looks, sees: set[type[Model]]
) -> None:
    found = found_by(looks(hers))
    assert {model for model in ALL if found[model]} == sees
    assert all(found[model] <= hers.rows[model] for model in ALL)


@pytest.mark.parametrize("looks", [the_guest, staff(StaffRole.REVIEWER)], ids=["guest", "reviewer"])
def test_a_guests_case_is_the_guests_and_the_reviewers(hers: Case, guests: Case, looks: Looks) -> None:
    found = found_by(looks(guests))
    assert found[Claim] == guests.rows[Claim]
    assert found[Page] == guests.rows[Page]


def test_a_claimant_does_not_see_what_nobody_has_decided_yet(hers: Case) -> None:
    assert found_by(the_claimant(hers))[Decision] == {hers.decided.pk}
    assert found_by(the_guest(hers))[Decision] == {hers.decided.pk}
    assert found_by(staff(StaffRole.REVIEWER)(hers))[Decision] == {hers.decided.pk, hers.proposed.pk}


@pytest.mark.parametrize("model", [Penalty, Stop])
def test_nor_what_is_proposed_and_not_approved(hers: Case, model: Any) -> None:
    model.objects.filter(claim=hers.claim).update(state="returned", approved_by=None, approved_at=None, ended_why="…")
    assert found_by(the_claimant(hers))[model] == set()
    assert found_by(staff(StaffRole.APPROVER)(hers))[model] == hers.rows[model]


def test_the_bank_sees_its_document_and_no_other(hers: Case) -> None:
    found = found_by(the_bank(hers))
    assert found[Item] == {hers.item.pk} < hers.rows[Item]
    assert not found[Claim]


def test_the_insured_person_does_not_see_what_a_guest_told_about_them(hers: Case, guests: Case) -> None:
    """…but their own account sees what was told in the cabinet, once the reviewer has found the contract."""
    person = hers.claim.person
    Claim.objects.filter(pk=guests.claim.pk).update(person=person)
    assert found_by(the_claimant(hers))[Claim] == {hers.claim.pk}


def test_a_right_that_is_limited_or_over_shows_nothing(hers: Case) -> None:
    person = hers.claim.person
    assert person
    given: dict[str, Any] = {"person": person, "kind": AccessKind.GUARDIAN, "scope": AccessScope.FULL, "proof": "x"}
    less: list[tuple[str, dict[str, Any]]] = [
        ("limited@example.kz", {"scope": AccessScope.LIMITED}),
        ("over@example.kz", {"until": NOW}),
    ]
    for email, fact in less:
        Access.objects.create(user=a_person(email), since=NOW, **given | fact)
    limited, over = User.objects.filter(email__in=["limited@example.kz", "over@example.kz"])
    assert not any(found_by(Viewer(lambda: limited)).values())
    assert not any(found_by(Viewer(lambda: over)).values())


def test_a_role_that_is_taken_away_is_gone_with_the_next_look(hers: Case) -> None:
    bakyt = staff(StaffRole.REVIEWER)(hers)
    assert found_by(bakyt)[Note]
    StaffMembership.objects.all().delete()
    assert not any(found_by(bakyt.anew()).values())


@pytest.mark.parametrize(("job", "sees"), [(JOB, True), ("telemed", False), ("letters", False)])
def test_a_job_sees_what_its_walls_name(hers: Case, guests: Case, job: str, sees: bool) -> None:
    found = found_by(Viewer(job=job))
    assert found[Claim] == (hers.rows[Claim] | guests.rows[Claim] if sees else set())


# ── What is written ──────────────────────────────────────────────────────────
def test_a_guest_registers_a_case_whose_key_was_given_before(hers: Case) -> None:
    key = uuid.uuid4()
    facts: dict[str, Any] = {
        "insurer": hers.insurer, "by_guest": True, "event": "death", "event_on": TODAY, "country": "KZ", "role": "heir",
        "claimant_name": "Р", "email": "r@example.kz", "language": "kk", "notified_on": TODAY, "public_id": key,
    }  # fmt: skip
    with seen_by(Viewer(AnonymousUser)):
        with also(claim_keys=[key]):
            claim = Claim.objects.create(**facts)
            Step.objects.create(
                claim=claim, part="claim", event="deliver", state="notified", actor="claimant", on=TODAY
            )
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Claim.objects.create(**facts | {"public_id": uuid.uuid4()})


def test_nobody_writes_into_a_foreign_case(hers: Case, guests: Case) -> None:
    with seen_by(the_claimant(hers)):
        assert Claim.objects.update(story="…") == 1
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Step.objects.create(
                claim=guests.claim, part="claim", event="deliver", state="checking", actor="claimant", on=TODAY
            )
    guests.claim.refresh_from_db()
    assert guests.claim.story == "Секрет Раушан"


@pytest.mark.parametrize("act", ["UPDATE {0} SET id = id", "DELETE FROM {0}"])
@pytest.mark.parametrize("table", ["claims_step", "claims_letter", "claims_note", "claims_opening", "claims_consent"])
def test_history_only_grows(hers: Case, table: str, act: str) -> None:
    assert table in append_only_tables()
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(act.format(table))


def test_every_table_of_claims_stands_behind_a_wall_or_is_about_nobody() -> None:
    assert tables() - ALL == BARE
