"""Sheets of activation codes: issued for who waits, shown once, withdrawn when they are lost. Not yours is not found."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from activation.models import ActivationCode, CodeBatch
from activation.rules import MOST_ON_A_SHEET
from activation.services.codes import issue_codes, withdraw_batch
from core.models import AuditEvent
from policies.models import Insurer, Policy
from tests.activation.door import Visitor
from tests.activation.test_policy_code import DOOR, typed
from tests.factories import a_policy_with_a_code, a_programme, an_insurer
from tests.forms import sends
from tests.people import auditor, registrar, staff_browser
from tests.policies.registers import ROW, applied, as_csv, outcomes

pytestmark = pytest.mark.django_db
LIST = "/staff/activation/codebatch/"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
KIH_ROW = {name: value for name, value in ROW.items() if name not in ("Начало действия", "Окончание действия")}


@pytest.fixture
def insurer() -> Insurer:
    return an_insurer("kazakhinstrakh")


@pytest.fixture
def keeper(insurer: Insurer) -> Client:
    return staff_browser(registrar(insurer))


def policies(*numbers: str) -> None:
    """In the register of the programme, without a code."""
    rows = [KIH_ROW | {"ID": number, "Номер договора": number, "ИИН": ""} for number in numbers]
    applied(as_csv(*rows), product=a_programme("personal-doctor").product)


def chosen(code: str = "personal-doctor") -> dict[str, str]:
    return {"product": str(a_programme(code).pk)}


def a_sheet(browser: Client) -> list[str]:
    page = sends(browser, f"{LIST}add/", chosen())
    return CODE.findall(page.text)


def test_a_register_of_this_programme_needs_no_dates_of_cover_and_reads_none(insurer: Insurer) -> None:
    product = a_programme("personal-doctor").product
    assert outcomes(applied(as_csv(KIH_ROW), product=product)) == {"new": 1}
    assert Policy.objects.get().cover_starts_on is None
    assert outcomes(applied(as_csv(ROW | {"Начало действия": "rubbish"}), product=product)) == {"unchanged": 1}


def test_from_the_register_to_a_slip_that_opens(keeper: Client) -> None:
    policies("LV-1", "LV-2")
    codes = a_sheet(keeper)
    assert len(codes) == len(set(codes)) == ActivationCode.objects.count() == 2
    answer = Visitor().client.post(DOOR, typed(codes[0], "LV-1"))
    assert answer.status_code == 302


def test_a_sheet_is_shown_once_and_the_next_has_only_who_waits(keeper: Client) -> None:
    policies("LV-1")
    assert len(a_sheet(keeper)) == 1
    again = sends(keeper, f"{LIST}add/", chosen())
    assert not CODE.search(again.text)
    assert CodeBatch.objects.count() == 1
    policies("LV-2")
    assert len(a_sheet(keeper)) == 1


def test_whoever_is_activated_gets_no_slip(keeper: Client) -> None:
    a_policy_with_a_code()
    ActivationCode.objects.all().delete()
    Policy.objects.get().activations.create(
        nonce="n", email="a@example.kz", language="ru", kind="self", scope="full", proof="facts", state="finished",
        user=registrar(an_insurer("kazakhinstrakh"), "other@example.kz"), finished_at=timezone.now(),
    )  # fmt: skip
    assert a_sheet(keeper) == []


def test_a_sheet_has_its_most(keeper: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_ON_A_SHEET == 500
    monkeypatch.setattr("activation.services.codes.MOST_ON_A_SHEET", 2)
    policies("LV-1", "LV-2", "LV-3")
    assert [len(a_sheet(keeper)) for _ in range(2)] == [2, 1]


def test_a_lost_sheet_is_withdrawn_with_a_reason_and_its_codes_are_dead(keeper: Client) -> None:
    policies("LV-1")
    [code] = a_sheet(keeper)
    address = f"{LIST}{CodeBatch.objects.get().public_id}/withdrawal/"
    assert sends(keeper, address, {"reason": ""}).status_code == 200
    assert ActivationCode.objects.count() == 1
    assert sends(keeper, address, {"reason": "Лист потеряли по дороге"}).status_code == 302
    assert Visitor().client.post(DOOR, typed(code, "LV-1")).status_code == 200
    assert len(a_sheet(keeper)) == 1
    assert AuditEvent.objects.filter(reason="Лист потеряли по дороге").exists()


def test_a_sheet_is_called_by_its_programme_and_the_insurers_time(keeper: Client) -> None:
    policies("LV-1")
    a_sheet(keeper)
    CodeBatch.objects.update(issued_at=datetime(2026, 11, 21, 7, 0, tzinfo=UTC))
    withdrawal = f"{LIST}{CodeBatch.objects.get().public_id}/withdrawal/"
    for address in (LIST, withdrawal):
        assert "Казахинстрах: Личный врач, 21.11.2026 12:00" in keeper.get(address, HTTP_ACCEPT_LANGUAGE="ru").text


def test_withdrawing_twice_does_nothing_the_second_time(insurer: Insurer) -> None:
    _policy, _code = a_policy_with_a_code()
    batch = CodeBatch.objects.get()
    now = timezone.now()
    assert [withdraw_batch(batch=batch, by=None, reason="x", now=now) for _ in range(2)] == [1, 0]


def test_an_auditor_looks_and_the_call_centre_does_not(insurer: Insurer) -> None:
    reader = staff_browser(auditor(insurer))
    assert reader.get(LIST).status_code == 200
    assert reader.get(f"{LIST}add/").status_code == 403


def test_another_insurers_keeper_is_offered_no_programme_of_ours(insurer: Insurer) -> None:
    stranger = staff_browser(registrar(an_insurer("nsk")))
    answer = sends(stranger, f"{LIST}add/", chosen())
    assert answer.status_code == 200
    assert not ActivationCode.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete"])
def test_other_methods_are_refused(keeper: Client, method: str) -> None:
    assert getattr(keeper, method)(f"{LIST}add/").status_code == 405


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_print_at_once_share_no_policy(insurer: Insurer) -> None:
    policies("LV-1", "LV-2", "LV-3")
    product = a_programme("personal-doctor").product

    def prints(_number: int) -> int:
        try:
            return len(issue_codes(product=product, by=None, now=timezone.now()))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(prints, range(8))) == [0] * 7 + [3]
