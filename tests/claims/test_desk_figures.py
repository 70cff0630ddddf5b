"""Figures of the reviewers' room: what came, what was decided and when, what was refused and why; and files of it."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.test import Client

from accounts.models import User
from claims.models import Claim, Decision, Review
from claims.services.extending import extend_review
from core.models import AuditEvent
from policies.rules import StaffRole
from tests.claims.desk import a_case, english, page, refused, reviewed
from tests.claims.factories import DIED_ON, NOW, a_claim, a_guests_claim, bakyt
from tests.factories import TODAY
from tests.people import a_member, staff_browser
from tests.queries import statements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FIGURES, EXPORT = "/claims/desk/figures/", "/claims/desk/export/"
A_DAY = timedelta(days=1)


@pytest.fixture
def claim() -> Claim:
    return reviewed(a_case())


def room(claim: Claim, user: User | None = None) -> Client:
    return english(staff_browser(user or a_member(StaffRole.AUDITOR, claim.insurer, "saule@example.kz")))


def decided(claim: Claim, since: date) -> Decision:
    """Refused today in a review that began then."""
    Review.objects.filter(claim=claim).update(since=since)
    return refused(claim)


def test_what_came_and_what_was_decided_are_counted(claim: Claim) -> None:
    a_guests_claim(claim.insurer)
    decided(claim, TODAY - 3 * A_DAY)
    text = page(room(claim), FIGURES)
    for words in ("<b>2</b> <span>claims received</span>", "100.0 %", "8.1(7) alcohol", "not found yet"):
        assert words in text, words


@pytest.mark.parametrize(("since", "share"), [(date(2026, 10, 30), "100.0 %"), (date(2026, 10, 29), "0.0 %")])
def test_in_time_is_what_the_clock_of_the_claim_says(claim: Claim, since: date, share: str) -> None:
    """15 working days after 30 October end on 20 November, and Saturday the 21st is late … by the holidays' count."""
    decided(claim, since)
    due = date(2026, 11, 20)
    Decision.objects.update(decided_on=due)
    assert share in page(room(claim), FIGURES)


def test_an_extension_that_was_told_makes_nothing_late(claim: Claim) -> None:
    Review.objects.update(since=TODAY - 20 * A_DAY)
    Claim.objects.update(notified_on=TODAY - 30 * A_DAY, event_on=TODAY - 40 * A_DAY)
    claim.refresh_from_db()
    extend_review(
        claim=claim, until=date(2026, 12, 25), why="…", by=bakyt(claim.insurer, "a@example.kz"), now=NOW - 5 * A_DAY
    )
    refused(claim)
    Decision.objects.update(decided_on=date(2026, 12, 24))
    assert "0.0 %" not in page(room(claim), FIGURES, first="01.11.2026", last="21.11.2026")


def test_days_are_those_of_the_decision_and_of_the_notice(claim: Claim) -> None:
    decided(claim, TODAY - 3 * A_DAY)
    Decision.objects.update(decided_on=TODAY - A_DAY)
    text = page(room(claim), FIGURES, period="today")
    assert "<b>1</b> <span>claim received</span>" in text
    assert "Decisions</h2>" not in text
    assert "Decisions</h2>" in page(room(claim, bakyt(claim.insurer, "b@example.kz")), FIGURES, period="yesterday")


def test_overdue_is_counted_now(claim: Claim) -> None:
    Claim.objects.update(next_on=TODAY - A_DAY, next_kind="decision")
    assert "<b>1</b> <span>open claim is overdue now</span>" in page(room(claim), FIGURES)


def test_a_file_says_who_and_why_and_names_nobody(claim: Claim) -> None:
    decision = decided(claim, TODAY - 3 * A_DAY)
    user = a_member(StaffRole.AUDITOR, claim.insurer, "saule@example.kz")
    browser = room(claim, user)
    wanted = {"first": "01.11.2026", "last": "21.11.2026", "kind": "csv", "reason": "Отчёт"}
    for what, verb in (("figures", "the figures"), ("list", "the list of decisions")):
        answer = browser.post(EXPORT, wanted | {"what": what})
        content = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert AuditEvent.objects.get(
            verb=f"exported {verb} of claims" if what == "figures" else f"exported {verb} about claims"
        )
        assert claim.person
        assert claim.person.surname not in content
        rows = list(csv.reader(StringIO(content), delimiter=";"))
        assert len(rows) > 1
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["Claim"], told["Ground"]) == (claim.number_shown, decision.ground)
    assert browser.post(EXPORT, wanted | {"what": "list", "reason": ""}).streaming is False


def test_a_page_of_figures_costs_the_same_however_much_is_counted(claim: Claim) -> None:
    decided(claim, TODAY - 3 * A_DAY)
    browser = room(claim)
    page(browser, FIGURES)
    with statements() as few:
        page(browser, FIGURES)
    assert claim.claimant
    assert claim.policy
    for number in range(4):
        a_claim(claim.claimant, claim.policy, event_on=DIED_ON - number * A_DAY)
    with statements() as many:
        page(browser, FIGURES)
    assert len(few) == len(many) <= 14, many
