"""Claims that are being paid, each person at a browser of their own: instalments by the loan's schedule that go on after the
disability was established anew; a payment that came late, and its penalty."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import time_machine
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import ngettext
from playwright.sync_api import Locator, expect

from claims.models import Claim, Instalment
from claims.queries.payments.late import last_day_of
from claims.queries.payout import inputs_of
from claims.rules.inputs import derive
from claims.rules.life import ItemState
from claims.services.recertify import ask_next
from core.money import format_money
from core.uploads.checking import check_next_upload
from policies.rules import StaffRole
from tests.claims.desk import applied, loan_of
from tests.claims.factories import NOW, a_certificate
from tests.claims.loans import tenge
from tests.claims.paying import answers, decided, ordered
from tests.factories import TODAY
from tests.journeys.conftest import Come
from tests.journeys.post import Post
from tests.journeys.staff import opens_with_a_code
from tests.journeys.test_a_claim_is_decided import a_claimant, approves, at, at_work, opens_own, takes, told
from tests.journeys.test_a_death_is_claimed import disk, fills, is_sound, picks, scan
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import a_member

__all__ = ["disk", "scan"]  # fixtures: where the files lie; a photo of a certificate
UNTIL = TODAY + timedelta(days=21)  # the last day of the established term
A_YEAR, LATE_BY = timedelta(days=365), 9
INSTALMENT, REST = 50_000, 400_000  # ten by the schedule, two of them in the first term


def granted(claim: Claim, until: date = UNTIL) -> Claim:
    """For a term that ends in three weeks: two instalments, of which the first has fallen due."""
    applied(claim)
    claim.items.update(state=ItemState.ACCEPTED, received_on=TODAY)
    a_certificate(claim, item=claim.items.get(code="I3"), until=until)
    loan_of(claim)
    return decided(derive(inputs_of(claim)), shares=(), claim=claim)


def sum_of(amount: int | str) -> str:
    return format_money(tenge(amount))


# ── Established anew ─────────────────────────────────────────────────────────
def test_instalments_go_on_after_a_recertification(
    come: Come, post: Post, clock: time_machine.Traveller, scan: Path
) -> None:
    # Given a disability for a term that is paid by the loan's schedule and ends soon
    claim = granted(told(a_claimant()))
    paid_by_the_bank(claim, 1)
    ask_next(now=NOW)
    # When the claimant reads what is asked for, and sends a photo of the new certificate
    aigul_ = is_sound(opens_own(come, post, claim)).reads_text(sum_of(INSTALMENT))
    aigul_.follows_text(says("Re-certification")).is_at("Re-certification")
    sends_the_certificate(is_sound(aigul_.reads("What was decided before is paid meanwhile.")), scan)
    is_sound(aigul_.reads("The certificate is with us. We decide within ten working days."))
    check_next_upload(now=timezone.now())
    # And a reviewer accepts it, and another person approves what follows from it
    bakyt = takes(at_work(come, claim, StaffRole.REVIEWER, "bakyt@example.kz"), claim)
    bakyt.opens(at(claim, f"documents/{claim.items.get(code='I3', round=1).public_id}/"))
    bakyt.reads_text(scan.name).presses("Accept").reads("Noted. The claimant sees it at once.")
    bakyt.opens(at(claim)).follows_text(says("Propose a decision")).reads_text(sum_of(REST))
    bakyt.picks("to pay all of it").presses("Show the letter").presses("Propose it")
    approves(come, claim)
    # Then the instalments run on, and the claimant reads each with its day, its account and its reason
    opens_own(come, post, claim).reads_text(sum_of(REST))
    for number in (2, 3):
        the_day_comes(claim, number, clock)
        paid_by_the_bank(claim, number)
    aigul_ = opens_own(come, post, claim).follows("Each payment: when, how much and why; the account").is_at("Payouts")
    is_sound(aigul_).reads_text(sum_of(3 * INSTALMENT)).reads_text(sum_of(7 * INSTALMENT))
    expect(aigul_.main.get_by_text(says("Why so much"))).to_have_count(10)


def sends_the_certificate(aigul_: Visitor, scan: Path) -> Visitor:
    for name, day in {"certified_on": TODAY, "since": UNTIL, "until": UNTIL + A_YEAR}.items():
        fills(aigul_, **{f"{name}_0": f"{day.day}", f"{name}_1": f"{day.month}", f"{name}_2": f"{day.year}"})
    aigul_.main.locator("[name=group]").select_option("2")
    aigul_.page.locator("#id_attachments").set_input_files(scan)
    expect(aigul_.page.locator("[data-received] li")).to_have_count(1)
    return picks(aigul_, language="ru").presses("Send the certificate")


def the_day_comes(claim: Claim, number: int, clock: time_machine.Traveller) -> None:
    """On which this payment of the plan falls due."""
    clock.move_to(datetime.combine(the_payment(claim, number).scheduled_on or TODAY, NOW.timetz()))


def the_payment(claim: Claim, number: int) -> Instalment:
    return Instalment.objects.filter(claim=claim).order_by("scheduled_on")[number - 1]


def paid_by_the_bank(claim: Claim, number: int) -> None:
    """In the payers' room (the other story)."""
    now = timezone.now()
    today = claim.insurer.today(now)
    order = ordered(claim, until=today, now=now).orders.get()
    assert order.instalment == the_payment(claim, number)
    answers(claim, (order, "paid"), on=today, now=now)


# ── Paid late ────────────────────────────────────────────────────────────────
def test_a_late_payment_and_its_penalty(come: Come, post: Post, clock: time_machine.Traveller, tmp_path: Path) -> None:
    # Given the one payment of a short term, whose last day has passed, which the claimant sees
    claim = granted(told(a_claimant()), until=TODAY)
    it_is_late(claim, clock)
    aigul_ = come().signs_in().is_at("Your policies").opens(claim.get_absolute_url())
    aigul_.follows("Each payment: when, how much and why; the account")
    is_sound(aigul_).reads_text(capfirst(days_late())).reads("Its penalty grows until it is paid.")
    # When it is paid by a file, and the bank's answer says so
    payer = a_member(StaffRole.CASHIER, claim.insurer, "zhanar@example.kz")
    zhanar = opens_with_a_code(come, payer, "/claims/payments/").is_at("To pay").reads("overdue")
    is_paid_by_a_file(zhanar, tmp_path / "first.csv")
    # And the rate of its day is entered, the penalty proposed, and approved by another person
    zhanar.opens("/claims/payments/rates/").is_at("Rates of the National Bank")
    zhanar.types("01.10.2026", into="In force since").types("12", into="Rate, % a year")
    zhanar.types("nationalbank.kz", into="Source").presses("Enter the rate").reads(
        "The rate is entered. Penalties that were approved keep theirs."
    )
    zhanar.opens("/claims/payments/penalties/").follows_text(claim.number_shown)
    is_sound(zhanar.is_at("What the delay costs")).presses("Propose the penalty").reads("Another person approves it.")
    expect(zhanar.main.get_by_role("button", name=says("Approve"), exact=True)).to_have_count(0)
    approver = a_member(StaffRole.APPROVER, claim.insurer, "asel@example.kz")
    asel = opens_with_a_code(come, approver, "/claims/payments/penalties/").is_at("Penalties")
    is_sound(asel.follows_text(claim.number_shown)).reads_text(sum_of("147.95")).presses("Approve").reads(
        "Approved. It is paid with the next file, and the claimant is written to."
    )
    # Then it goes with the next file, and the claimant reads how it came about
    is_paid_by_a_file(zhanar, tmp_path / "second.csv")
    aigul_ = opens_own(come, post, claim).follows("Each payment: when, how much and why; the account")
    aigul_.reads("Its penalty is among these payments.")
    penalty = behind(aigul_, "Why so much", of=sum_of("147.95"))
    for words in (f"{LATE_BY}", "12\N{NO-BREAK SPACE}%", sum_of(INSTALMENT), "11.2"):
        expect(penalty).to_contain_text(words)
    is_sound(aigul_)


def it_is_late(claim: Claim, clock: time_machine.Traveller) -> None:
    last = last_day_of(the_payment(claim, 1))
    assert last
    clock.move_to(datetime.combine(last + timedelta(days=LATE_BY), NOW.timetz()))


def days_late() -> str:
    return ngettext("%(days)s day late", "%(days)s days late", LATE_BY) % {"days": LATE_BY}


def is_paid_by_a_file(zhanar: Visitor, answer: Path) -> None:
    """What the file says is carried to the bank, and its answer back."""
    zhanar.opens("/claims/payments/").presses("Make the file")
    with zhanar.page.expect_download() as fetched:
        zhanar.follows("Download the file")
    answer.write_text(the_bank_answers(fetched.value.path()))
    zhanar.opens("/claims/payments/answers/").main.locator("[name=file]").set_input_files(answer)
    expect(zhanar.presses("Upload").main.locator("tbody .tag.ok")).not_to_have_count(0)
    is_sound(zhanar)


def the_bank_answers(orders: Path) -> str:
    """That it has paid each of them on its day."""
    with orders.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return "\n".join(
        ["number;outcome;date;amount", *(f"{row['number']};paid;{row['date']};{row['amount']}" for row in rows)]
    )


def behind(visitor: Visitor, summary: str, *, of: str) -> Locator:
    """The payment of so much, with that part of it opened."""
    payment = visitor.main.locator("#payments > ol > li").filter(has_text=of).last
    payment.locator("summary").filter(has_text=says(summary)).click()
    return payment
