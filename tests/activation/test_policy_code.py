"""The door of a policy number and an activation code (KIH-01…13, 22–24), from the slip to the open cabinet."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from time_machine import Traveller

from activation.models import Activation, ActivationCode, Step
from activation.rules import FAILURES_A_DAY, State, Verdict
from notices.models import Notice
from policies.models import Access, DocumentRequest, Policy
from policies.rules import AccessScope
from policies.tasks import make_documents
from tests.activation.door import Visitor, link_in_last_letter
from tests.factories import TODAY, a_policy_with_a_code
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
DOOR = "/activate/personal-doctor/"
NAME, IIN = "Садыкова Айгуль Сериковна", "610314400020"


def typed(code: str, number: str = "LV-0000117", **changes: str) -> dict[str, str]:
    return {"insured_id": number, "code": code, "iin": IIN, "name": NAME} | changes


def activates(visitor: Visitor, code: str, email: str = "aigul@example.kz", door: str = DOOR, **changes: str) -> None:
    """As far as the letters."""
    assert visitor.client.post(door, typed(code, **changes))["Location"] == f"{door}account/"
    answer = visitor.client.post(f"{door}account/", {"email": email, "kind": "self"})
    assert answer["Location"] == "/activate/letter/", answer.text


def chooses_password(browser: Client, password: str = PASSWORD) -> str:
    answer = browser.post(
        link_in_last_letter("set_password"), {"password": password, "password_again": password}, follow=True
    )
    return str(answer.request["PATH_INFO"])


# ── The way ──────────────────────────────────────────────────────────────────
def test_from_the_slip_to_the_cabinet() -> None:
    policy, code = a_policy_with_a_code()
    visitor = Visitor()
    activates(visitor, code)
    assert chooses_password(visitor.client) == "/"
    assert Activation.objects.get().state == State.FINISHED
    access = Access.objects.get()
    assert (access.person, access.scope, access.proof) == (policy.insured, AccessScope.FULL, "activation_code")
    assert Visitor().signs_in()["Location"] == "/"


def test_the_page_asks_what_the_memo_says_and_step_two_the_address() -> None:
    _policy, code = a_policy_with_a_code()
    visitor = Visitor()
    page = visitor.client.get(DOOR).text
    for name in ("insured_id", "code", "iin", "name"):
        assert f'name="{name}"' in page
    visitor.client.post(DOOR, typed(code))
    page = visitor.client.get(f"{DOOR}account/").text
    assert 'name="email"' in page
    assert 'name="password"' not in page


def test_the_letter_works_in_another_browser_and_carries_the_login() -> None:
    _policy, code = a_policy_with_a_code()
    activates(Visitor(), code)
    assert Notice.objects.get(kind="set_password").to == "aigul@example.kz"
    assert chooses_password(Client()) == "/"


def test_a_mail_scanner_that_follows_and_submits_chooses_no_password() -> None:
    _policy, code = a_policy_with_a_code()
    activates(Visitor(), code)
    scanner = Client()
    assert scanner.get(link_in_last_letter("set_password")).status_code == 200
    assert scanner.post(link_in_last_letter("set_password")).status_code == 200
    assert Activation.objects.get().state == State.PENDING
    assert chooses_password(Client()) == "/"


def test_a_weak_password_is_refused_by_the_rule_of_every_door() -> None:
    _policy, code = a_policy_with_a_code()
    activates(Visitor(), code)
    assert "/activate/confirm/" in chooses_password(Client(), "aigul1961")
    assert Activation.objects.get().state == State.PENDING


def test_a_link_works_once() -> None:
    _policy, code = a_policy_with_a_code()
    activates(Visitor(), code)
    chooses_password(Client())
    again = Client()
    chooses_password(again, "Another 1950 gul")
    assert "_auth_user_id" not in again.session
    assert Visitor().signs_in()["Location"] == "/"


# ── The cover ────────────────────────────────────────────────────────────────
def test_the_cover_starts_fifteen_days_after_the_activation_and_lasts_twelve_months(clock: Traveller) -> None:
    policy, code = a_policy_with_a_code()
    assert policy.cover_starts_on is None
    activates(Visitor(), code)
    policy.refresh_from_db()
    assert policy.cover_starts_on == TODAY + timedelta(days=15) == date(2026, 12, 6)
    assert policy.cover_ends_on == date(2027, 12, 5)
    assert list(policy.events.values_list("kind", flat=True)) == ["cover_set"]


def test_whoever_begins_again_neither_wins_nor_loses_a_day(clock: Traveller) -> None:
    policy, code = a_policy_with_a_code()
    activates(Visitor(), code, email="mistyped@example.kz")
    clock.shift(timedelta(days=2))
    activates(Visitor(), code)
    chooses_password(Client())
    policy.refresh_from_db()
    assert policy.cover_starts_on == TODAY + timedelta(days=15)


def test_until_the_cover_starts_the_cabinet_is_open_and_says_when(clock: Traveller) -> None:
    _policy, code = a_policy_with_a_code()
    visitor = Visitor()
    activates(visitor, code)
    chooses_password(visitor.client)
    assert "15" in visitor.client.get("/").text
    assert "days until the cover starts" in visitor.client.get("/").text


# ── The guards ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "changes",
    [{"code": "0000-0000"}, {"name": "Садыкова Дана"}, {"iin": "900101300007"}, {"number": "LV-0000118"}],
)
def test_whatever_is_wrong_gets_the_same_answer(changes: dict[str, str]) -> None:
    _policy, code = a_policy_with_a_code()
    answer = Visitor().client.post(DOOR, typed(**({"code": code} | changes)))
    assert answer.status_code == 200
    assert "We could not go on with these details" in answer.text
    assert Step.objects.get().kind == Verdict.REFUSED


def test_an_iin_with_a_slip_costs_no_try() -> None:
    _policy, code = a_policy_with_a_code()
    answer = Visitor().client.post(DOOR, typed(code, iin="610314400021"))
    assert "There is a misprint in the number" in answer.text
    assert not Step.objects.exists()


def test_a_locked_policy_is_not_compared() -> None:
    _policy, code = a_policy_with_a_code()
    for _ in range(FAILURES_A_DAY):
        Visitor().client.post(DOOR, typed("0000-0000"))
    assert Visitor().client.post(DOOR, typed(code)).status_code == 200
    assert Step.objects.latest("pk").kind == Verdict.LOCKED


def test_a_used_code_opens_nothing_even_after_the_activation_was_undone() -> None:
    _policy, code = a_policy_with_a_code()
    activates(Visitor(), code)
    chooses_password(Client())
    Activation.objects.update(state=State.UNDONE)
    assert Visitor().client.post(DOOR, typed(code)).status_code == 200
    assert Step.objects.latest("pk").kind == Verdict.REFUSED


def test_anothers_code_does_not_fit() -> None:
    a_policy_with_a_code()
    _other, code = a_policy_with_a_code("LV-0000118", iin=None, surname="Ахметов", given_name="Серик", patronymic="")
    assert Visitor().client.post(DOOR, typed(code)).status_code == 200


def test_the_number_that_found_the_policy_proves_nothing_a_second_time() -> None:
    a_policy_with_a_code()
    visitor = Visitor()
    answers = {"insured_id": "LV-0000117", "iin": IIN, "name": NAME, "answer": "LV-0000117"}
    assert visitor.sends(f"{DOOR}recovery/", answers).status_code == 200
    assert Step.objects.latest("pk").kind == Step.Kind.NOT_PROVED


def test_codes_are_kept_as_hashes() -> None:
    _policy, code = a_policy_with_a_code()
    assert code.replace("-", "") not in ActivationCode.objects.get().digest.upper()


def test_a_sheet_outlives_a_change_of_the_key(settings: object) -> None:
    _policy, code = a_policy_with_a_code()
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [old]
    assert Visitor().client.post(DOOR, typed(code)).status_code == 302
    settings.SECRET_KEY_FALLBACKS = []
    assert Visitor().client.post(DOOR, typed(code)).status_code == 200


# ── Further policies (KIH-11…13) ─────────────────────────────────────────────
def signed_in_with_a_policy() -> Visitor:
    _policy, code = a_policy_with_a_code()
    visitor = Visitor()
    activates(visitor, code)
    chooses_password(visitor.client)
    return visitor


def test_a_further_policy_joins_the_same_account() -> None:
    visitor = signed_in_with_a_policy()
    _second, code = a_policy_with_a_code("LV-0000118", iin=None, surname="Ахметов", given_name="Серик", patronymic="")
    visitor.client.post(DOOR, typed(code, "LV-0000118", name="Ахметов Серик"))
    answer = visitor.client.post(f"{DOOR}account/", {"kind": "representative"})
    assert answer["Location"] == "/"
    assert Policy.objects.filter(activations__state=State.FINISHED).count() == 2
    assert Access.objects.values("user").distinct().count() == 1


@pytest.mark.parametrize("email", ["aigul@example.kz", "Aigul@Example.KZ"])
def test_another_programme_needs_an_address_of_its_own(email: str) -> None:
    signed_in_with_a_policy()
    door = "/activate/childrens-doctor/"
    _policy, code = a_policy_with_a_code("DD-1", programme="childrens-doctor", iin=None, given_name="Дана")
    visitor = Visitor()
    visitor.client.post(door, typed(code, "DD-1", name="Садыкова Дана Сериковна"))
    answer = visitor.client.post(f"{door}account/", {"email": email, "kind": "self"})
    assert "This programme needs an e-mail of its own" in answer.text
    assert visitor.client.post(f"{door}account/", {"email": "dana@example.kz", "kind": "self"}).status_code == 302


def test_signed_in_the_other_programme_is_refused_with_the_same_explanation() -> None:
    visitor = signed_in_with_a_policy()
    door = "/activate/childrens-doctor/"
    _policy, code = a_policy_with_a_code("DD-1", programme="childrens-doctor", iin=None, given_name="Дана")
    visitor.client.post(door, typed(code, "DD-1", name="Садыкова Дана Сериковна"))
    answer = visitor.client.post(f"{door}account/", {"kind": "representative"})
    assert "This programme needs an e-mail of its own" in answer.text
    assert Access.objects.count() == 1


# ── Appendix 1 (KIH-03) ──────────────────────────────────────────────────────
def test_two_letters_come_to_the_address_that_was_given(clock: Traveller, originals: Path) -> None:
    policy, code = a_policy_with_a_code()
    activates(Visitor(), code)
    make_documents()
    assert set(Notice.objects.filter(to="aigul@example.kz").values_list("kind", flat=True)) == {
        "set_password", "appendix",
    }  # fmt: skip
    facts = DocumentRequest.objects.get()
    assert (facts.policy, facts.kind) == (policy, "appendix_1")


def test_a_corrected_address_gets_both_as_well(clock: Traveller, originals: Path) -> None:
    _policy, code = a_policy_with_a_code()
    visitor = Visitor()
    activates(visitor, code, email="mistyped@example.kz")
    clock.shift(timedelta(minutes=4))
    visitor.sends("/activate/letter/address/", {"email": "aigul@example.kz"})
    make_documents()
    letters = Notice.objects.filter(to="aigul@example.kz").values_list("kind", flat=True)
    assert set(letters) == {"set_password", "appendix"}


def test_a_policy_that_joins_a_cabinet_brings_its_appendix_too(originals: Path) -> None:
    visitor = signed_in_with_a_policy()
    _second, code = a_policy_with_a_code("LV-0000118", iin=None, surname="Ахметов", given_name="Серик", patronymic="")
    visitor.client.post(DOOR, typed(code, "LV-0000118", name="Ахметов Серик"))
    visitor.client.post(f"{DOOR}account/", {"kind": "representative"})
    assert DocumentRequest.objects.filter(policy__insured_id="LV-0000118", to="aigul@example.kz").exists()
