"""What reviewers do about money: the loan as a file or typed, a lump sum, the end of payouts, a paper certificate, an account."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from claims.models import BankLetter, Claim, Decision, Examination, LoanSchedule, Recertification, Stop
from tests.claims.factories import NOW, a_certificate, a_checklist, asel, bakyt
from tests.claims.loans import tenge
from tests.claims.paying import IBANS, answers, decided, hers, monthly, ordered, state_of, the_order
from tests.factories import TODAY
from tests.forms import sends
from tests.people import staff_browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def claim() -> Claim:
    """Being paid by instalments, the first of which is paid."""
    claim = hers()
    a_checklist(claim)
    a_certificate(claim, until=TODAY + timedelta(days=21))
    claim = decided(monthly(3), claim=claim)
    ordered(claim)
    answers(claim, (the_order(claim), "paid"))
    return claim


def at_the_desk(claim: Claim, user: User) -> Client:
    """Whoever has the claim."""
    Claim.objects.filter(pk=claim.pk).update(reviewer=user, taken_at=NOW)
    browser = staff_browser(user)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture
def reviewer(claim: Claim) -> Client:
    return at_the_desk(claim, bakyt(claim.insurer))


@pytest.fixture
def page(claim: Claim) -> str:
    return f"/claims/desk/{claim.public_id}/"


def day(days: int) -> str:
    return f"{TODAY + timedelta(days=days):%d.%m.%Y}"


# ── The loan ─────────────────────────────────────────────────────────────────
SCHEDULE = "Дата;Основной долг\n15.01.2025;50 000,00\n15.02.2025;50 100,50\nИтого;100 100,50"
NAMED = {"contract_number": "К-1", "lender": "Банк"}


def a_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("график.csv", text.encode("cp1251"))


def test_a_schedule_is_taken_from_the_banks_file(reviewer: Client, page: str) -> None:
    sends(reviewer, f"{page}loan/file/", NAMED | {"file": a_file(SCHEDULE)})
    entered = LoanSchedule.objects.get()
    assert (entered.source, entered.file_name, entered.schedule.total) == ("file", "график.csv", tenge("100100.50"))
    assert "100 100.50 ₸" in reviewer.get(f"{page}loan/").content.decode().replace("\xa0", " ")


def test_a_bad_row_is_told_in_words_and_nothing_is_entered(reviewer: Client, page: str) -> None:
    wrong = SCHEDULE.replace("15.02.2025", "31.02.2025")
    answer = sends(reviewer, f"{page}loan/file/", NAMED | {"file": a_file(wrong)})
    assert "Row 3, Day of repayment: there is no such day" in answer.content.decode()
    assert not LoanSchedule.objects.exists()


def test_a_total_that_does_not_agree_is_told(reviewer: Client, page: str) -> None:
    answer = sends(reviewer, f"{page}loan/file/", NAMED | {"file": a_file(SCHEDULE.replace("100 100", "100 200"))})
    assert "the total of the file is another" in answer.content.decode()


def test_what_is_no_table_is_told(reviewer: Client, page: str) -> None:
    answer = sends(reviewer, f"{page}loan/file/", NAMED | {"file": SimpleUploadedFile("a.csv", b"\0\1")})
    assert "neither a CSV nor an XLSX" in answer.content.decode()


def test_a_schedule_is_typed_and_the_same_again_changes_nothing(reviewer: Client, page: str) -> None:
    rows = "15.01.2025 50 000\n15.02.2025; 50100,50\n\nИтого: 100 100,50"
    for _twice in range(2):
        sends(reviewer, f"{page}loan/", NAMED | {"rows": rows})
    assert LoanSchedule.objects.get().schedule.total == tenge("100100.50")


def test_a_corrected_one_takes_the_place_of_the_earlier(reviewer: Client, page: str) -> None:
    sends(reviewer, f"{page}loan/", NAMED | {"rows": "15.01.2025 50 000"})
    sends(reviewer, f"{page}loan/", NAMED | {"rows": "15.01.2025 60 000"})
    assert LoanSchedule.objects.count() == 2
    assert LoanSchedule.objects.get(replaced_at=None).schedule.total == tenge(60_000)


def test_the_banks_letter_is_entered_and_its_parts_agree(reviewer: Client, page: str) -> None:
    said = {"as_of": day(-10), "debt": "2480000", "not_principal": "2480001"}
    assert sends(reviewer, f"{page}loan/letter/", said).status_code == 200
    sends(reviewer, f"{page}loan/letter/", said | {"not_principal": "130000"})
    assert BankLetter.objects.get().facts.principal == tenge(2_350_000)


def test_an_approver_looks_and_enters_nothing(claim: Claim, page: str) -> None:
    approver = at_the_desk(claim, asel(claim.insurer))
    assert approver.get(f"{page}loan/").status_code == 200
    assert sends(approver, f"{page}loan/", NAMED | {"rows": "15.01.2025 50 000"}).status_code == 403


# ── Payouts that go on ───────────────────────────────────────────────────────
def test_the_plan_is_shown_with_what_may_be_done(reviewer: Client, page: str) -> None:
    shown = reviewer.get(f"{page}money/").content.decode()
    assert "Propose a lump sum" in shown
    assert IBANS[0] in shown


def test_a_lump_sum_is_proposed_and_approved_on_its_page(claim: Claim, reviewer: Client, page: str) -> None:
    sends(reviewer, f"{page}lump-sum/")
    decision = Decision.objects.get(replaces__isnull=False)
    approver = at_the_desk(claim, asel(claim.insurer))
    sends(approver, f"{page}decisions/{decision.public_id}/approval/")
    decision.refresh_from_db()
    assert decision.state == "approved"
    assert decision.instalments.get().state == "planned"


def test_payouts_are_stopped_by_two_people(claim: Claim, reviewer: Client, page: str) -> None:
    assert sends(reviewer, f"{page}stop/", {"ceased_on": day(1), "evidence": "Справка"}).status_code == 200
    sends(reviewer, f"{page}stop/", {"ceased_on": day(0), "evidence": "Справка"})
    stop = Stop.objects.get()
    assert sends(reviewer, f"{page}stop/{stop.public_id}/approval/").status_code == 403
    approver = at_the_desk(claim, asel(claim.insurer))
    assert "Stop the payouts" in approver.get(f"{page}money/").content.decode()
    sends(approver, f"{page}stop/{stop.public_id}/approval/")
    assert state_of(claim) == "stopped"


def test_an_end_is_returned_with_a_reason(claim: Claim, reviewer: Client, page: str) -> None:
    sends(reviewer, f"{page}stop/", {"ceased_on": day(0), "evidence": "Справка"})
    stop, approver = Stop.objects.get(), at_the_desk(claim, asel(claim.insurer))
    assert sends(approver, f"{page}stop/{stop.public_id}/return/", {"reason": ""}).status_code == 200
    sends(approver, f"{page}stop/{stop.public_id}/return/", {"reason": "Нет справки"})
    stop.refresh_from_db()
    assert (stop.state, stop.ended_why) == ("returned", "Нет справки")


def test_a_certificate_on_paper_begins_a_review_from_the_day_it_came(claim: Claim, reviewer: Client, page: str) -> None:
    said = {"certified_on": day(-3), "group": "2", "since": day(-3), "until": day(300), "came_on": day(-1)}
    assert sends(reviewer, f"{page}recertification/", said | {"indefinite": "on"}).status_code == 200
    sends(reviewer, f"{page}recertification/", said)
    received = Recertification.objects.get()
    assert received.review
    assert (received.received_on, received.review.since) == (TODAY - timedelta(days=1),) * 2


def test_an_examination_is_asked_for_once_a_year(reviewer: Client, page: str) -> None:
    said = {"institution": "Поликлиника", "planned_on": day(10)}
    sends(reviewer, f"{page}examination/", said)
    again = sends(reviewer, f"{page}examination/", said | {"planned_on": day(20)})
    assert "Once a year at most" in again.content.decode()
    assert Examination.objects.count() == 1


def test_another_account_is_entered_and_checked(claim: Claim, reviewer: Client, page: str) -> None:
    account = f"{page}account/{claim.payees.get().public_id}/"
    assert "misprint" in sends(reviewer, account, {"iban": IBANS[0][:-1] + "7"}).content.decode()
    sends(reviewer, account, {"iban": IBANS[1]})
    assert claim.payees.current().get().iban == IBANS[1]
    assert reviewer.get(account).status_code == 404  # that row is no account any more


def test_the_result_of_an_examination_is_entered_and_ends_what_ceased(
    claim: Claim, reviewer: Client, page: str
) -> None:
    sends(reviewer, f"{page}examination/", {"institution": "Поликлиника", "planned_on": day(1)})
    asked = Examination.objects.get()
    Examination.objects.update(asked_on=TODAY - timedelta(days=9), planned_on=TODAY - timedelta(days=1))
    result = f"{page}examination/{asked.public_id}/"
    assert result in reviewer.get(f"{page}money/").content.decode()
    said = {"done_on": day(-1), "finding": "ceased", "result": "Реабилитирован"}
    assert "Enter the day on which the disability ceased" in sends(reviewer, result, said).content.decode()
    sends(reviewer, result, said | {"ceased_on": day(-1)})
    assert Stop.objects.get().evidence == "Реабилитирован"
    assert "Реабилитирован" in reviewer.get(f"{page}money/").content.decode()
    assert reviewer.get(result).status_code == 404  # it is recorded


def test_an_approver_reads_the_result_form_and_enters_nothing(claim: Claim, reviewer: Client, page: str) -> None:
    sends(reviewer, f"{page}examination/", {"institution": "Поликлиника", "planned_on": day(1)})
    result = f"{page}examination/{Examination.objects.get().public_id}/"
    approver = at_the_desk(claim, asel(claim.insurer))
    assert sends(approver, result, {"done_on": day(0), "finding": "continues", "result": "…"}).status_code == 403
