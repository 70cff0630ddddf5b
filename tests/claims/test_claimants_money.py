"""The claimant's payments on their pages: what was paid, what comes, why, what a delay costs; and another account for it."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from claims.models import AccountRequest, BaseRate, Claim, Instalment, Letter
from claims.rules.life import WrongMoment
from claims.services.accounts import ask_for_account, change_account, enter_account
from core.models import AuditEvent
from tests.claims.browsing import page_of
from tests.claims.desk import opens
from tests.claims.factories import NOW, asel, bakyt
from tests.claims.paying import IBANS, answers, decided, monthly, ordered, the_order
from tests.factories import TODAY
from tests.forms import sends
from tests.people import dana, insured_browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
HARD_SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def paying() -> Claim:
    """Three instalments, the first of which is paid."""
    claim = decided(monthly(3))
    User.objects.update(language="ru")
    ordered(claim)
    answers(claim, (the_order(claim), "paid"))
    return Claim.objects.get(pk=claim.pk)


@pytest.fixture
def claimant(paying: Claim) -> Client:
    assert paying.claimant
    return insured_browser(paying.claimant)


def read(browser: Client, *address: str, of: Claim) -> str:
    answer = browser.get(page_of(of, *address))
    assert answer.status_code == 200
    return str(answer.text).replace(HARD_SPACE, " ")


def account_page(claim: Claim) -> str:
    return page_of(claim, "payouts", "accounts", str(claim.payees.current().get().public_id))


# ── What is paid ─────────────────────────────────────────────────────────────
def test_the_case_says_what_was_paid_and_what_is_to_come(paying: Claim, claimant: Client) -> None:
    page = read(claimant, of=paying)
    assert "50 000 ₸" in page
    assert "100 000 ₸" in page
    assert page_of(paying, "payouts") in page


def test_each_payment_stands_with_its_day_its_account_and_its_reason(paying: Claim, claimant: Client) -> None:
    page = read(claimant, "payouts", of=paying)
    assert page.count("Почему столько") == 3
    assert "Выплачено 21 ноября 2026" in page
    assert page.count("последние знаки счёта 0100") == 4  # the account by its last signs alone
    assert IBANS[0] not in page


def test_before_a_decision_there_is_nothing_to_show(claimant: Client, paying: Claim) -> None:
    other = Claim.objects.create(
        **{
            name: getattr(paying, name)
            for name in ("insurer", "person", "policy", "claimant", "event", "event_on", "country", "role", "claimant_name")
        },
        email="a@example.kz", language="ru", notified_on=TODAY,
    )  # fmt: skip
    assert "Ничего не запланировано" in read(claimant, "payouts", of=other)
    assert page_of(other, "payouts") not in read(claimant, of=other)


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (1, True)])
def test_what_is_late_says_by_how_much_and_what_it_costs(
    paying: Claim, claimant: Client, noon: time_machine.Traveller, days: int, is_late: bool
) -> None:
    BaseRate.objects.create(since=TODAY - timedelta(days=400), percent=Decimal("14.25"), source="Нацбанк")
    last = Instalment.objects.filter(claim=paying, state="planned").earliest("number").pay_by
    noon.move_to(NOW + (last - TODAY) + timedelta(days=days))
    page = read(insured_browser(aigul_again()), "payouts", of=paying)
    assert ("Опоздание 1 день" in page, "Пеня: 19,52 ₸" in page) == (is_late, is_late)


def aigul_again() -> User:
    return User.objects.get(email="aigul@example.kz")


def test_without_a_rate_the_delay_is_still_told(paying: Claim, noon: time_machine.Traveller) -> None:
    noon.shift(timedelta(days=100))
    assert "Пеня:" not in (page := read(insured_browser(aigul_again()), "payouts", of=paying))
    assert "Опоздание" in page


def test_a_stranger_finds_neither_payments_nor_accounts(paying: Claim) -> None:
    stranger = insured_browser(dana())
    assert stranger.get(page_of(paying, "payouts")).status_code == 404
    assert stranger.get(account_page(paying)).status_code == 404
    assert sends(stranger, account_page(paying), {"iban": IBANS[1]}).status_code == 404
    assert Client().post(page_of(paying, "payouts")).status_code in (302, 405)


# ── Another account ──────────────────────────────────────────────────────────
def test_a_payee_asks_and_nothing_moves_until_staff_enter_it(paying: Claim, claimant: Client) -> None:
    assert sends(claimant, account_page(paying), {"iban": IBANS[1]}).status_code == 302
    asked = AccountRequest.objects.get()
    assert (asked.state, asked.iban, asked.by) == ("asked", IBANS[1], paying.claimant)
    assert paying.payees.current().get().iban == IBANS[0]
    letter = Letter.objects.get(kind="account_asked")
    assert (letter.to, IBANS[1][-4:] in letter.body, IBANS[1] in letter.body) == (paying.email, True, False)
    assert "проверяется" in read(claimant, "payouts", of=paying).lower()
    reviewer = opens(paying, bakyt(paying.insurer))
    assert paying.number_shown in reviewer.get("/claims/desk/accounts/").text
    sends(reviewer, f"/claims/desk/{paying.public_id}/account-requests/{asked.public_id}/entry/")
    assert paying.payees.current().get().iban == IBANS[1]
    assert set(Instalment.objects.filter(state="planned").values_list("payee__iban", flat=True)) == {IBANS[1]}
    assert Instalment.objects.get(state="paid").payee.iban == IBANS[0]
    assert Letter.objects.filter(kind="account_entered", to=paying.email).count() == 1
    assert paying.number_shown not in reviewer.get("/claims/desk/accounts/").text


def test_a_misprint_and_the_same_account_are_told(paying: Claim, claimant: Client) -> None:
    page = account_page(paying)
    assert sends(claimant, page, {"iban": IBANS[1][:-1] + "7"}).status_code == 200
    assert "и так идут" in sends(claimant, page, {"iban": IBANS[0]}).text
    assert not AccountRequest.objects.exists()


def test_the_same_wish_twice_is_one_and_another_takes_its_place(paying: Claim) -> None:
    payee = paying.payees.current().get()
    wish: dict[str, Any] = {"payee": payee, "by": paying.claimant, "guest": None, "now": NOW}
    assert ask_for_account(iban=IBANS[1], **wish) == ask_for_account(iban=IBANS[1], **wish)
    later = ask_for_account(iban=IBANS[2], **wish)
    assert AccountRequest.objects.waiting().get() == later
    assert Letter.objects.filter(kind="account_asked").count() == 2


def test_a_refusal_names_its_reason_and_keeps_the_account(paying: Claim, claimant: Client) -> None:
    sends(claimant, account_page(paying), {"iban": IBANS[1]})
    refusal = f"/claims/desk/{paying.public_id}/account-requests/{AccountRequest.objects.get().public_id}/refusal/"
    reviewer = opens(paying, bakyt(paying.insurer))
    assert sends(reviewer, refusal, {"reason": ""}).status_code == 200
    sends(reviewer, refusal, {"reason": "Счёт другого человека"})
    assert (AccountRequest.objects.get().state, paying.payees.current().get().iban) == ("declined", IBANS[0])
    assert "Счёт другого человека" in Letter.objects.get(kind="account_declined").body
    assert "Счёт другого человека" in read(claimant, "payouts", of=paying)


def test_an_approver_reads_and_enters_nothing(paying: Claim, claimant: Client) -> None:
    sends(claimant, account_page(paying), {"iban": IBANS[1]})
    approver = opens(paying, asel(paying.insurer))
    entry = f"/claims/desk/{paying.public_id}/account-requests/{AccountRequest.objects.get().public_id}/entry/"
    assert sends(approver, entry).status_code == 403
    assert approver.get("/claims/desk/accounts/").status_code == 200


def test_a_paper_that_comes_first_ends_the_wish(paying: Claim, claimant: Client) -> None:
    sends(claimant, account_page(paying), {"iban": IBANS[1]})
    asked, reviewer = AccountRequest.objects.get(), bakyt(paying.insurer)
    change_account(payee=paying.payees.current().get(), iban=IBANS[2], by=reviewer, now=NOW)
    with pytest.raises(WrongMoment):
        enter_account(request=asked, by=reviewer, now=NOW)
    asked.refresh_from_db()
    assert (asked.state, paying.payees.current().get().iban) == ("overtaken", IBANS[2])


def test_nobody_enters_what_they_asked_for_themselves(paying: Claim, claimant: Client) -> None:
    sends(claimant, account_page(paying), {"iban": IBANS[1]})
    asked = AccountRequest.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountRequest.objects.update(state="entered", settled_by=asked.by, settled_at=NOW)


def test_where_nothing_is_to_come_no_account_is_asked_for(paying: Claim, claimant: Client) -> None:
    page = account_page(paying)
    Instalment.objects.filter(state="planned").update(state="cancelled")
    assert "Другой счёт" not in read(claimant, "payouts", of=paying)
    assert claimant.get(page).status_code == 302
    with pytest.raises(WrongMoment):
        ask_for_account(payee=paying.payees.current().get(), iban=IBANS[1], by=None, guest=None, now=NOW)


def test_bank_details_ask_again_who_it_is(paying: Claim, noon: time_machine.Traveller, claimant: Client) -> None:
    noon.shift(timedelta(minutes=31))
    answer = claimant.get(account_page(paying))
    assert (answer.status_code, "reauthenticate" in answer["Location"]) == (302, True)


def test_the_trail_knows_who_asked_and_who_entered(paying: Claim, claimant: Client) -> None:
    sends(claimant, account_page(paying), {"iban": IBANS[1]})
    reviewer = bakyt(paying.insurer)
    enter_account(request=AccountRequest.objects.get(), by=reviewer, now=NOW)
    about = AuditEvent.objects.filter(verb__contains="account").order_by("pk").values_list("verb", "actor")
    assert ("asked for another account", paying.claimant_id) in about
    assert ("changed the account of a beneficiary", reviewer.pk) in about
