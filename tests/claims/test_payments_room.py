"""The payers' room: who comes in, and the whole way of the money through its pages."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import BankAnswer, BaseRate, Claim, Instalment, PaymentFile, PaymentOrder, Penalty
from claims.queries.payments.late import last_day_of
from core.calendar import add_calendar_days
from core.models import AuditEvent
from policies.rules import StaffRole
from tests.claims.factories import NOW, asel, bakyt, zhanar
from tests.claims.paying import answers, at_once, decided, ordered, state_of, the_order
from tests.factories import TODAY, another_insurer
from tests.forms import sends
from tests.people import a_member, staff_browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

ROOM, PENALTIES = "/claims/payments/", "/claims/payments/penalties/"


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def claim() -> Claim:
    return decided()


@pytest.fixture
def payer(claim: Claim) -> Client:
    return staff_browser(zhanar(claim.insurer))


def text(browser: Client, path: str) -> str:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = browser.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\xa0", " ")


# ── Who comes in ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", [StaffRole.REVIEWER, StaffRole.OPERATOR, StaffRole.COORDINATOR, StaffRole.APPROVER])
def test_staff_of_other_rooms_do_not_come_in(claim: Claim, role: StaffRole) -> None:
    browser = staff_browser(a_member(role, claim.insurer, "other@example.kz"))
    assert browser.get(ROOM).status_code == 403


def test_an_approver_comes_from_the_claims_to_the_penalties_and_reads_of_no_door_that_is_closed(claim: Claim) -> None:
    approver, reviewer = staff_browser(asel(claim.insurer)), staff_browser(bakyt(claim.insurer))
    assert f'href="{PENALTIES}"' in text(approver, "/claims/desk/")
    page = text(approver, PENALTIES)
    assert 'href="/claims/desk/"' in page
    assert f'href="{ROOM}"' not in page
    assert f'href="{PENALTIES}"' not in text(reviewer, "/claims/desk/")
    assert reviewer.get(PENALTIES).status_code == 403


def test_a_payer_reads_of_the_whole_room(payer: Client) -> None:
    page = text(payer, PENALTIES)
    assert f'href="{ROOM}"' in page
    assert 'href="/claims/desk/"' not in page


def test_an_auditor_reads_and_makes_nothing(claim: Claim) -> None:
    browser = staff_browser(a_member(StaffRole.AUDITOR, claim.insurer, "saule@example.kz"))
    assert claim.number_shown in text(browser, ROOM)
    assert sends(browser, ROOM, {"until": f"{TODAY:%d.%m.%Y}"}).status_code == 403
    assert not PaymentFile.objects.exists()


def test_another_insurers_payments_are_not_there(claim: Claim) -> None:
    stranger = staff_browser(zhanar(another_insurer()))
    file = ordered(claim, by=bakyt(claim.insurer))
    assert claim.number_shown not in text(stranger, ROOM)
    for name, key in (
        ("payments_case", claim.public_id), ("payment_file", file.public_id), ("payment_orders", file.public_id),
        ("payment_recall", the_order(claim).public_id),
    ):  # fmt: skip
        assert stranger.get(reverse(f"claims:{name}", args=[key])).status_code == 404


# ── The way of the money ─────────────────────────────────────────────────────
def test_a_file_is_made_fetched_and_confirmed(claim: Claim, payer: Client) -> None:
    assert "1 000 000 ₸" in text(payer, ROOM)
    made = sends(payer, ROOM, {"until": f"{TODAY:%d.%m.%Y}"})
    file = PaymentFile.objects.get()
    assert made.headers["Location"] == file.get_absolute_url()
    order = PaymentOrder.objects.get()
    assert order.number_shown in text(payer, file.get_absolute_url())
    fetched = b"".join(payer.get(reverse("claims:payment_orders", args=[file.public_id])).streaming_content)
    assert f"{order.number_shown};{TODAY};1000000.00;KZT;KZ86125KZT5004100100;" in fetched.decode()
    assert AuditEvent.objects.filter(verb="fetched a payment file").count() == 1

    said = f"number;outcome;date;amount\n{order.number_shown};paid;{TODAY};1000000"
    uploaded = sends(payer, "/claims/payments/answers/", {"file": SimpleUploadedFile("ответ.csv", said.encode())})
    answer = BankAnswer.objects.get()
    assert uploaded.headers["Location"] == answer.get_absolute_url()
    assert "paid" in text(payer, answer.get_absolute_url())
    assert state_of(claim) == "paid"
    assert "paid" in text(payer, reverse("claims:payments_case", args=[claim.public_id]))


def test_what_is_not_understood_is_told_row_by_row(claim: Claim, payer: Client) -> None:
    file = SimpleUploadedFile("a.csv", b"number;outcome;date;amount\nP7;maybe;2026-11-20;1")
    sends(payer, "/claims/payments/answers/", {"file": file})
    assert "Row 2, Status of the order: “maybe” is neither paid" in text(
        payer, BankAnswer.objects.get().get_absolute_url()
    )


def test_what_is_no_table_at_all_is_an_error_of_the_form(claim: Claim, payer: Client) -> None:
    answer = sends(payer, "/claims/payments/answers/", {"file": SimpleUploadedFile("a.csv", b"\x00\x01")})
    assert answer.status_code == 200
    assert not BankAnswer.objects.exists()


def test_a_day_too_far_ahead_is_refused(claim: Claim, payer: Client) -> None:
    assert sends(payer, ROOM, {"until": f"{TODAY + timedelta(days=32):%d.%m.%Y}"}).status_code == 200
    assert not PaymentFile.objects.exists()


def test_nothing_left_is_said(claim: Claim, payer: Client) -> None:
    ordered(claim, by=bakyt(claim.insurer))
    assert sends(payer, ROOM, {"until": f"{TODAY:%d.%m.%Y}"}).headers["Location"] == ROOM


def test_an_order_is_taken_back_with_a_reason(claim: Claim, payer: Client) -> None:
    file = ordered(claim, by=bakyt(claim.insurer))
    page = reverse("claims:payment_recall", args=[the_order(claim).public_id])
    assert sends(payer, page, {"reason": ""}).status_code == 200
    assert sends(payer, page, {"reason": "Не тот файл"}).headers["Location"] == file.get_absolute_url()
    assert the_order(claim).state == "recalled"


def test_what_came_back_is_sent_again_by_a_tick(claim: Claim, payer: Client) -> None:
    ordered(claim, by=bakyt(claim.insurer))
    answers(claim, (the_order(claim), "returned"), by=bakyt(claim.insurer, "b2@example.kz"))
    assert "Счёт закрыт" in text(payer, ROOM)
    again = Instalment.objects.get().public_id
    sends(payer, ROOM, {"until": f"{TODAY:%d.%m.%Y}", "again": f"{again}"})
    assert PaymentFile.objects.count() == 2


def test_pages_of_lists_have_neighbours(claim: Claim, payer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.queries.payments.room.PAGE", 1)
    for number in range(2):
        answers(claim, mark=f"{number}", by=bakyt(claim.insurer, f"b{number}@example.kz"))
    older = BankAnswer.objects.latest("pk").pk
    assert f"before={older}" in text(payer, "/claims/payments/answers/")
    assert "Earlier ones" not in text(payer, f"/claims/payments/answers/?before={older}")
    assert text(payer, "/claims/payments/answers/?before=x")


# ── A delay ──────────────────────────────────────────────────────────────────
@pytest.fixture
def paid_late(noon: time_machine.Traveller) -> Claim:
    claim = decided(at_once(1_000_000), since=add_calendar_days(TODAY, -90))
    last = last_day_of(Instalment.objects.get())
    assert last
    noon.move_to(datetime.combine(last + timedelta(days=10), NOW.timetz()))
    today = claim.insurer.today(datetime.combine(last + timedelta(days=10), NOW.timetz()))
    ordered(claim, until=today, now=datetime.combine(today, NOW.timetz()))
    answers(claim, (the_order(claim), "paid"), on=today, now=datetime.combine(today, NOW.timetz()))
    return claim


def test_a_rate_is_entered_the_penalty_proposed_and_approved_by_another(paid_late: Claim) -> None:
    payer = staff_browser(User.objects.get(email="zhanar@example.kz"))
    late = reverse("claims:late", args=[Instalment.objects.get().public_id])
    assert "No rate of the National Bank" in text(payer, late)
    rate = {"since": "01.01.2020", "percent": "12", "source": "НБРК"}
    assert sends(payer, "/claims/payments/rates/", rate | {"percent": "130"}).status_code == 200
    sends(payer, "/claims/payments/rates/", rate)
    assert BaseRate.objects.get().source == "НБРК"
    assert "3 287.67 ₸" in text(payer, late)
    proposed = sends(payer, late, {})
    penalty = Penalty.objects.get()
    page = penalty.get_absolute_url()
    assert proposed.headers["Location"] == page
    assert payer.post(f"{page}approval/").status_code == 403

    approver = staff_browser(asel(paid_late.insurer))
    assert "Approve" in text(approver, page)
    assert sends(approver, f"{page}approval/").headers["Location"] == page
    assert Instalment.objects.get(kind="penalty").amount == penalty.amount
    assert "Approved" in text(approver, page)


def test_a_penalty_is_returned_with_a_reason(paid_late: Claim) -> None:
    payer, approver = staff_browser(User.objects.get(email="zhanar@example.kz")), staff_browser(asel(paid_late.insurer))
    sends(payer, "/claims/payments/rates/", {"since": "01.01.2020", "percent": "12", "source": "НБРК"})
    sends(payer, reverse("claims:late", args=[Instalment.objects.get().public_id]), {})
    page = Penalty.objects.get().get_absolute_url()
    assert sends(approver, f"{page}return/", {"reason": ""}).status_code == 200
    sends(approver, f"{page}return/", {"reason": "Проверьте"})
    assert Penalty.objects.get().state == "returned"
    assert "Paid late, without a penalty" in text(approver, "/claims/payments/penalties/")
