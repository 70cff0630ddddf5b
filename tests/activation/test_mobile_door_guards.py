"""What the door by number keeps from strangers: accounts of numbers, one answer to all, limits, and what the desk sees."""

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from time_machine import Traveller

from accounts.models import User
from activation.models import Activation, Step
from activation.queries import person_page
from activation.rules import BREAKER_FLOOR, FAILURES_A_DAY, NUMBER_IS_PROVED, PROOFS_A_DAY, Verdict
from activation.services import find
from activation.services.operate import issue_code, unlock
from core.identity import normalise_key
from core.models import Limit
from policies.models import Access, Policy
from policies.queries import has_consents
from tests.accounts.sms import OTHER, PHONE, a_wrong_one, asks, sent_to, types, with_mobile
from tests.activation.caller import ACCOUNT, BOTH, CODE, CODES, DOOR, MOBILE, NAME, PROOF, Caller, policy_of
from tests.activation.door import facts, spending_by
from tests.factories import BORN, TODAY, a_borrower, a_policy
from tests.forms import sends
from tests.people import insured_browser, marat
from tests.security.looks import looks
from tests.security.matrix.passkeys import a_passkey
from tests.security.test_spray import granting

pytestmark = pytest.mark.django_db


# ── A number that has an account ─────────────────────────────────────────────
def test_an_account_of_the_number_is_signed_in_and_gets_the_policy() -> None:
    user, policy = with_mobile(), a_borrower(phone=PHONE)
    caller = Caller()
    caller.goes_in()
    assert User.objects.get() == user
    assert Access.objects.get().person == policy.insured
    assert has_consents(user, insurer=policy.insurer, codes=CODES, person=policy.insured)


def test_a_number_that_changed_lately_signs_nobody_in_here_either() -> None:
    with_mobile(phone_changed_at=timezone.now())
    a_borrower(phone=PHONE)
    caller = Caller()
    assert caller.proves()["Location"] == "/accounts/login/"
    assert not caller.is_signed_in
    assert caller.client.get(DOOR)["Location"] == MOBILE


def test_the_second_step_still_stands_between() -> None:
    user = with_mobile()
    a_passkey(user, name="key")
    a_borrower(phone=PHONE)
    caller = Caller()
    assert caller.proves()["Location"] == "/accounts/2fa/authenticate/"
    assert not caller.is_signed_in
    caller.says()
    assert caller.opens()["Location"].startswith("/accounts/login/sms/")  # as a guest nobody takes the number
    assert User.objects.get() == user
    assert not Access.objects.exists()


def test_somebody_signed_in_elsewhere_adds_the_policy_to_their_own_account() -> None:
    user = with_mobile(phone=OTHER)
    a_borrower(phone=PHONE)
    Caller(browser=insured_browser(user)).goes_in()
    assert Access.objects.get().user == user
    assert str(User.objects.get().phone) == OTHER


def test_a_stranger_with_a_name_learns_nothing_without_the_number() -> None:
    a_borrower(phone=PHONE)
    assert Caller().says()["Location"] == MOBILE
    assert Client().post(ACCOUNT, {"kind": "self"} | BOTH)["Location"] == DOOR
    assert not Step.objects.exists()


def test_a_wrong_code_proves_nothing() -> None:
    a_borrower(phone=PHONE)
    caller = Caller()
    asks(caller.client, MOBILE)
    assert types(caller.client, a_wrong_one(*sent_to(PHONE)), CODE).status_code == 200
    assert caller.says()["Location"] == MOBILE


def test_the_proof_of_the_number_is_this_browsers_and_runs_out(clock: Traveller) -> None:
    a_borrower(phone=PHONE)
    caller = Caller()
    caller.proves()
    clock.shift(NUMBER_IS_PROVED)
    assert caller.client.get(DOOR).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert caller.client.get(DOOR)["Location"] == MOBILE
    forged = Client()
    forged.cookies["number"] = f"{PHONE}:forged"
    assert forged.get(DOOR)["Location"] == MOBILE


def test_another_number_finds_its_people_anew() -> None:
    a_borrower(phone=PHONE)
    caller = Caller()
    caller.proves()
    caller.says()
    caller.phone = OTHER
    caller.proves()
    assert caller.client.get(ACCOUNT)["Location"] == DOOR


def test_sending_the_last_form_twice_opens_one_account() -> None:
    a_borrower(phone=PHONE)
    caller = Caller()
    caller.proves()
    caller.says()
    again = Client()
    again.cookies.load({name: morsel.value for name, morsel in caller.client.cookies.items()})
    assert caller.opens()["Location"] == "/"
    assert Caller(browser=again).opens()["Location"] == "/"
    assert User.objects.count() == Activation.objects.count() == 1


def test_the_other_doors_know_no_page_of_a_number() -> None:
    a_borrower()
    a_policy()
    assert Client().get("/activate/sphera/mobile/")["Location"] == "/activate/sphera/"


# ── Prices and refusals (TM-27, TM-28) ───────────────────────────────────────
LANGUAGES = pytest.mark.parametrize("language", ["kk", "ru", "en"])


@LANGUAGES
def test_somebody_insured_sees_that_it_costs_nothing(language: str) -> None:
    a_borrower(phone=PHONE)
    caller = Caller(language=language)
    caller.proves()
    caller.says()
    assert "0 ₸" in caller.client.get(ACCOUNT).text.replace("\u00a0", " ").replace("5 000", "")


def test_before_the_cover_starts_the_price_list_counts() -> None:
    a_borrower(phone=PHONE, cover_starts_on=TODAY + timedelta(days=1))
    caller = Caller()
    caller.proves()
    caller.says()
    assert "5,000" in caller.client.get(ACCOUNT).text.replace("\u00a0", ",").replace("\u202f", ",")


@LANGUAGES
def test_every_refusal_is_one_answer_with_the_price_and_support(language: str) -> None:
    a_borrower("NL-1", phone=PHONE)
    a_borrower("NL-2", phone=PHONE, given_name="Бота")
    Caller().goes_in()
    User.objects.update(phone="")  # so that the number opens nobody's cabinet on the way
    unknown = Caller("+77010000001", language=language)
    asked = {"unknown": (unknown, "Некто Никто", BORN)}
    asked["wrong date"] = (Caller("+77010000002", language=language), NAME, date(1961, 4, 13))
    asked["active"] = (Caller("+77010000003", language=language), NAME, BORN)
    asked["locked"] = (Caller("+77010000004", language=language), "Садыкова Бота", BORN)
    answers = {}
    for name, (caller, said, born) in asked.items():
        caller.proves()
        for _ in range(FAILURES_A_DAY if name == "locked" else 0):
            caller.says("Wrong Name")
        answers[name] = caller.says(said, born)
    kinds = set(Step.objects.order_by("-pk")[:9].values_list("kind", flat=True))
    assert kinds == {Verdict.REFUSED, Verdict.ALREADY_ACTIVE, Verdict.LOCKED}
    for name, answer in answers.items():
        assert without_typed(answer) == without_typed(answers["unknown"]), name
    page = answers["unknown"].text
    for words in ("www.darigeronline.kz", "₸", "/accounts/login/sms/"):
        assert words in page


def without_typed(answer: HttpResponse) -> object:
    """What was typed comes back, and pages are as long as that."""
    del answer.headers["Content-Length"]
    return looks(answer)


# ── Limits ───────────────────────────────────────────────────────────────────
def knocks(phone: str = PHONE, wrong: int = FAILURES_A_DAY) -> HttpResponse:
    caller = Caller(phone)
    caller.proves()
    for _ in range(wrong):
        caller.says("Wrong Name")
    return caller.says()


def test_a_number_has_five_failures_a_day_and_locks_nobody_else() -> None:
    a_borrower("NL-1", phone=PHONE)
    assert knocks().status_code == 200
    assert Step.objects.latest("pk").kind == Verdict.LOCKED
    assert knocks(OTHER, wrong=0)["Location"] == PROOF


def test_without_the_limit_the_sixth_try_would_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(find, "spend_and_look_up", spending_by(granting(lambda key: ":id:" in key)))
    a_borrower(phone=PHONE)
    assert knocks()["Location"] == ACCOUNT


def test_no_number_stands_in_a_step_or_in_the_name_of_a_limit() -> None:
    a_borrower(phone=PHONE)
    knocks()
    assert not Step.objects.filter(insured_key__contains=PHONE[2:]).exists()
    assert not Limit.objects.filter(key__contains=PHONE[2:]).exists()


def test_the_operator_sees_the_tries_of_the_number_on_file_and_unlocks_it() -> None:
    policy = a_borrower(phone=PHONE)
    knocks()
    [file] = person_page(policy_of(policy).insured, now=timezone.now()).policies
    assert file.locks.is_locked
    assert len(file.steps) == FAILURES_A_DAY + 1
    unlock(policy=policy_of(policy), by=marat(), reason="named everything", now=timezone.now())
    assert knocks(wrong=0)["Location"] == ACCOUNT


def test_a_locked_number_gets_in_by_an_operators_code() -> None:
    policy = a_borrower(phone=PHONE)
    caller = Caller()
    caller.proves()
    for _ in range(FAILURES_A_DAY):
        caller.says("Wrong Name")
    code = issue_code(policy=policy_of(policy), by=marat(), reason="named everything", now=timezone.now())
    answer = sends(caller.client, f"{DOOR}recovery/", facts("", BORN) | {"name": NAME, "answer": code})
    assert answer["Location"] == ACCOUNT
    assert sends(caller.client, f"{DOOR}recovery/codes/")["Location"] == f"{DOOR}recovery/"


def test_however_many_numbers_guess_a_policys_proof_is_guessed_five_times_a_day() -> None:
    a_borrower_with_a_contract()
    for number in range(PROOFS_A_DAY):
        assert "Location" not in guesses(f"+7701234000{number}", "Д-2026/118")
    assert "Location" not in guesses("+77012340009", "Д-2026/117")


def test_a_number_that_guesses_first_is_compared() -> None:
    """Control."""
    a_borrower_with_a_contract()
    assert guesses("+77012340009", "Д-2026/117")["Location"] == ACCOUNT


def a_borrower_with_a_contract() -> None:
    """Whose number is not the policy's, and whose phone on file nobody here has."""
    a_borrower(phone="+77770001122")
    Policy.objects.update(contract_key=normalise_key("Д-2026/117"))


def guesses(phone: str, answer: str) -> HttpResponse:
    caller = Caller(phone)
    caller.proves()
    return sends(caller.client, f"{DOOR}recovery/", facts("", BORN) | {"name": NAME, "answer": answer})


def test_while_the_breaker_is_open_everybody_is_asked_for_more() -> None:
    a_borrower(phone=PHONE)
    caller = Caller()
    caller.proves()
    Limit.objects.create(
        key="activation:nomad-life:failures", spent=BREAKER_FLOOR + 1, ceiling=2**31 - 1, started_at=timezone.now(),
        ends_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    right, wrong = caller.says(), caller.says("Wrong Name")
    assert without_typed(right) == without_typed(wrong)
    assert "Many wrong attempts" in right.text


def test_the_contract_number_proves_although_it_is_the_policys() -> None:
    a_borrower("NL-77", phone=OTHER)
    caller = Caller()
    caller.proves()
    caller.says()
    assert sends(caller.client, PROOF, {"answer": "NL-78"}).status_code == 200
    assert sends(caller.client, PROOF, {"answer": "nl 77"})["Location"] == ACCOUNT


def test_recovery_begins_with_the_number_too() -> None:
    a_borrower(phone=PHONE)
    assert Client().get(f"{DOOR}recovery/")["Location"] == MOBILE


# ── The desk ─────────────────────────────────────────────────────────────────
def test_the_file_of_somebody_without_an_address_shows_the_login_masked() -> None:
    policy = a_borrower(phone=PHONE)
    Caller().goes_in()
    page = person_page(policy_of(policy).insured, now=timezone.now())
    [file] = page.policies
    assert file.login == PHONE
    assert file.address_is_proved
    assert {notice.kind for notice in page.messages} == {"login", "phone_code"}
