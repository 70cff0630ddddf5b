"""A notice without an account (adr/0042): a code to the contact, registered before matching, one's own case and no other."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings as SettingsWrapper

from accounts.models import GuestAccess
from claims.models import Claim, Letter, Step
from claims.rules.life import ItemState, State
from claims.services.matching import match_claim
from core.models import AuditEvent
from notices.models import Notice
from policies.models import Access
from policies.rules import AccessKind, AccessScope
from tests.accounts.sms import PHONE
from tests.claims.browsing import GUEST, RAUSHAN, TOLD, a_guest_with_a_case, code_to, page_of, proves, tells
from tests.claims.factories import NOW, bakyt
from tests.factories import a_borrower, an_insurer
from tests.forms import drawn_for, sends
from tests.people import aigul, dana, insured_browser
from tests.walls import seen_by_anybody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


# ── The notice ───────────────────────────────────────────────────────────────
def test_an_heir_tells_with_a_code_and_has_a_number_a_time_and_a_list_at_once() -> None:
    browser, claim = a_guest_with_a_case()
    assert (claim.by_guest, claim.person, claim.state, claim.email) == (True, None, State.NOTIFIED, RAUSHAN)
    page = browser.get(page_of(claim)).text
    assert claim.number_shown in page
    assert "12:00" in page
    assert "Справка банка об остатке основного долга на день смерти" in page
    letter = Letter.objects.get()
    assert (letter.kind, letter.to, letter.language) == ("registered", RAUSHAN, "ru")
    assert "Свидетельство о смерти" in letter.body
    assert [step.event for step in Step.objects.all()] == ["notify"]


def test_the_list_is_personal() -> None:
    _browser, claim = a_guest_with_a_case(by_accident="no", declared_by_court="yes", by_inheritance="no")
    spared = {item.code: item.spared for item in claim.items.filter(state=ItemState.WAIVED)}
    assert spared == {"D4": "not_an_accident", "D3": "by_court", "D5": "by_court", "D6": "named"}


def test_a_mobile_number_does_as_well(settings: SettingsWrapper) -> None:
    settings.SMS_MONEY_A_DAY = 1000
    browser = Client()
    proves(browser, PHONE)
    assert tells(browser).status_code == 302
    assert (Claim.objects.get().phone, Claim.objects.get().email) == (PHONE, "")


def test_without_the_code_nothing_is_registered() -> None:
    an_insurer("nomad-life")
    browser = Client()
    assert tells(browser).headers["Location"] == GUEST
    sends(browser, GUEST, {"contact": RAUSHAN})
    sends(browser, f"{GUEST}code/", {"code": "000000" if code_to(RAUSHAN) != "000000" else "111111"})
    assert tells(browser).headers["Location"] == GUEST
    assert not Claim.objects.exists()


def test_a_proved_contact_waits_half_an_hour(noon: time_machine.Traveller) -> None:
    browser = Client()
    proves(browser)
    noon.shift(timedelta(minutes=31))
    assert tells(browser).headers["Location"] == GUEST
    assert not Claim.objects.exists()


def test_the_answer_is_the_same_whether_there_is_a_contract() -> None:
    """Word by word, but for what was typed and the number: nobody learns whether this person is insured."""
    insured = a_borrower(surname="Ахметов", given_name="Серик", patronymic="", iin="610314400020")
    known, claim = a_guest_with_a_case(policy_number=insured.insured_id)
    unknown, other = a_guest_with_a_case("other@example.kz", policy_number="NL-7777777")
    assert nothing_of_its_own(known, claim) == nothing_of_its_own(unknown, other)
    assert claim.person is None is other.person
    assert not Notice.objects.filter(kind="claim_about_you").exists()


def nothing_of_its_own(browser: Client, claim: Claim) -> list[str]:
    """The page without what differs from one case to the next anyway."""
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|seen=[0-9a-f]+", "", browser.get(page_of(claim)).text)
    lines = page.replace(claim.number_shown, "").splitlines()
    return [line for line in lines if "csrf" not in line and "nonce" not in line]


def test_bad_answers_are_said_and_nothing_is_lost() -> None:
    browser = Client()
    proves(browser)
    page = tells(browser, event_on_2="2027", born_on_0="", born_on_1="", born_on_2="", iin="610314400021", surname="")
    assert page.status_code == 200
    for words in ("Этот день ещё не наступил", "опечатк", "Ахметова Раушан"):
        assert words in page.content.decode()
    assert not Claim.objects.exists()


def test_a_birth_date_or_an_iin_is_needed() -> None:
    browser = Client()
    proves(browser)
    none = {"born_on_0": "", "born_on_1": "", "born_on_2": ""}
    assert "Введите дату рождения или ИИН" in tells(browser, **none).content.decode()
    assert tells(browser, **none, iin="610314400020").status_code == 302


def test_a_doubled_form_registers_once_and_shows_the_first_case() -> None:
    browser = Client()
    proves(browser)
    form = TOLD | {"form_token": drawn_for(browser)}
    first, second = (browser.post(f"{GUEST}notice/", form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Claim.objects.count() == 1


def test_six_notices_of_one_contact_in_a_day_are_one_too_many() -> None:
    browser = Client()
    proves(browser)
    for _ in range(5):
        assert tells(browser).status_code == 302
    assert "Столько уведомлений за один день" in tells(browser).content.decode()
    assert Claim.objects.count() == 5


def test_late_is_said_and_never_refuses() -> None:
    browser, claim = a_guest_with_a_case(event_on_0="01", event_on_1="08")
    page = browser.get(page_of(claim)).text
    assert "Это само по себе не основание" in page
    assert claim.state == State.NOTIFIED


# ── One's own case and no other ──────────────────────────────────────────────
def test_another_browser_and_another_case_are_closed() -> None:
    browser, claim = a_guest_with_a_case()
    _other, others = a_guest_with_a_case("other@example.kz")
    assert browser.get(page_of(claim)).status_code == 200
    assert browser.get(page_of(others)).status_code == 302
    assert Client().get(page_of(claim)).status_code == 302
    assert insured_browser(dana()).get(page_of(claim)).status_code == 404


@pytest.mark.parametrize("page", ["", "application", "export", "withdrawal", "earlier-knowledge"])
def test_a_stranger_reaches_no_page_of_it_without_any_wall(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' own question holds by itself."""
    _browser, claim = a_guest_with_a_case()
    seen_by_anybody(monkeypatch)
    where = page_of(claim, page) if page else page_of(claim)
    assert Client().get(where).status_code == 302
    assert insured_browser(dana()).get(where).status_code == 404


def test_without_the_pages_question_the_wall_shows_nothing_foreign(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ORM's filter patched out: what a guest's page asks finds their own row and no other."""
    browser, claim = a_guest_with_a_case()
    _other, others = a_guest_with_a_case("other@example.kz")
    monkeypatch.setattr("claims.views.doors.claim_of_guest", lambda _key: Claim.objects.exclude(pk=claim.pk).first())
    assert browser.get(page_of(claim)).status_code == 302  # nothing was found: not even the foreign one
    monkeypatch.setattr("claims.views.doors.claim_of_guest", lambda _key: Claim.objects.get())
    assert browser.get(page_of(claim)).status_code == 200
    assert others.pk != claim.pk


def test_each_look_stands_in_the_trail_and_the_end_holds() -> None:
    browser, claim = a_guest_with_a_case()
    browser.get(page_of(claim))
    access = GuestAccess.objects.get(subject=claim.public_id)
    verbs = AuditEvent.objects.filter(object_type="accounts.GuestAccess", object_id=str(access.pk))
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
        "a guest opened a page with a code", "a guest saw the page",
    ]  # fmt: skip
    browser.post(f"/accounts/guest/{claim.public_id}/end/")
    assert browser.get(page_of(claim)).status_code == 302


def test_after_ninety_days_the_code_opens_it_again(noon: time_machine.Traveller) -> None:
    browser, claim = a_guest_with_a_case()
    noon.shift(timedelta(days=91))
    assert browser.get(page_of(claim)).status_code == 302
    assert comes_back(Client(), claim).headers["Location"] == page_of(claim)


# ── The way back ─────────────────────────────────────────────────────────────
def comes_back(browser: Client, claim: Claim, contact: str = RAUSHAN) -> HttpResponse:
    sends(browser, "/claims/return/", {"number": claim.number_shown, "contact": contact})
    return sends(browser, "/claims/return/code/", {"code": code_to(contact)})


def test_number_and_code_open_the_case_on_another_device(noon: time_machine.Traveller) -> None:
    _browser, claim = a_guest_with_a_case()
    noon.shift(timedelta(minutes=1))
    phone = Client()
    assert phone.get(f"{page_of(claim)}?guest").headers["Location"] == "/claims/return/"
    assert comes_back(phone, claim).headers["Location"] == page_of(claim)
    assert phone.get(page_of(claim)).status_code == 200


def test_a_foreign_contact_gets_no_code_and_no_other_answer() -> None:
    _browser, claim = a_guest_with_a_case()
    stranger = Client()
    answer = sends(stranger, "/claims/return/", {"number": claim.number_shown, "contact": "thief@example.kz"})
    assert answer.status_code == 302
    assert not Notice.objects.filter(to="thief@example.kz").exists()
    page = sends(stranger, "/claims/return/code/", {"code": "000000"})
    assert "Код не подходит" in page.content.decode()


def test_a_misread_number_is_said_before_a_code_is_sent() -> None:
    _browser, claim = a_guest_with_a_case()
    wrong = claim.number_shown[:-1] + str((int(claim.number_shown[-1]) + 1) % 10)
    page = sends(Client(), "/claims/return/", {"number": wrong, "contact": RAUSHAN})
    assert "Это не номер заявления" in page.content.decode()


# ── The living are told ──────────────────────────────────────────────────────
def test_whoever_is_said_to_be_dead_is_told_at_every_contact_once_a_reviewer_has_found_them() -> None:
    _browser, claim = a_guest_with_a_case()
    policy = a_borrower(phone=PHONE, email="serik@example.kz", language="kk")
    Access.objects.create(user=aigul(), person=policy.insured, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="x")
    for _ in range(2):
        match_claim(claim=claim, policy=policy, by=bakyt(policy.insurer, f"b{_}@example.kz"), now=NOW)
    told = Notice.objects.filter(kind="claim_about_you")
    assert {notice.to for notice in told} == {PHONE, "serik@example.kz", "aigul@example.kz"}
    assert told.count() == 3
    assert not Letter.objects.filter(kind="claim_about_you").exists()


def test_the_claimants_own_contact_is_not_told() -> None:
    _browser, claim = a_guest_with_a_case()
    policy = a_borrower(email=RAUSHAN)
    match_claim(claim=claim, policy=policy, by=bakyt(policy.insurer), now=NOW)
    assert not Notice.objects.filter(kind="claim_about_you").exists()
