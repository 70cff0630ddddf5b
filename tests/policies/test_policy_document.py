"""The policy as a PDF in three languages: asked for on its page, made by a worker, fetched by whoever sees it in full."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from core.documents import render
from core.languages import in_language
from notices.models import Notice
from policies.models import Document, DocumentRequest, Organisation, Party, Policy
from policies.queries import PolicyCard
from policies.rules import AccessKind, AccessScope, ContractKind, Role
from policies.services import documents
from policies.services.access import end_access, grant_access
from policies.services.cover import start_cover
from policies.services.documents import make_next_document
from policies.services.policy_document import _facts, want_policy
from tests.documents import catalog_of, text_of
from tests.factories import a_borrower, a_person, a_policy, a_policy_with_a_code, an_insurer
from tests.people import aigul, dana, insured_browser
from tests.policies.conftest import NOON

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LANGUAGES = ["ru", "kk", "en"]


def a_policy_of(product: str) -> Policy:
    if product == "life-with-telemedicine":
        policy = a_borrower(cover_starts_on=date(2026, 9, 1))
        policy.sum_insured = Decimal(2_000_000)
        policy.save()
        return policy
    if product == "sphera":
        return a_policy(kind=ContractKind.CORPORATE, card_number="KZ 0042")
    if product == "sogaz-health":
        return a_policy(insurer=an_insurer("sogaz"))
    policy, _code = a_policy_with_a_code(programme=product)
    start_cover(policy=policy, by=None, now=NOON)
    return policy


def made(policy: Policy, language: str = "en") -> Document:
    want_policy(policy=policy, language=language, now=NOON)
    assert make_next_document(now=NOON)
    return Document.objects.latest("pk")


def read(policy: Policy, language: str = "en") -> str:
    return text_of(made(policy, language).file.read()).replace("\N{NO-BREAK SPACE}", " ")


def browser_of(
    user: User, policy: Policy | None, scope: AccessScope = AccessScope.FULL, kind: AccessKind = AccessKind.SELF
) -> Client:
    if policy:
        grant_access(user=user, person=policy.insured, kind=kind, scope=scope, proof="x", by=None, now=NOON)
    return insured_browser(user)


def ask(browser: Client, policy: Policy, language: str = "en") -> Any:
    return browser.post(f"{policy.get_absolute_url()}documents/", {"language": language})


# ── What it says ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "product", ["sphera", "personal-doctor", "childrens-doctor", "life-with-telemedicine", "sogaz-health"]
)
def test_every_programme_has_it_in_every_language(product: str, language: str) -> None:
    policy = a_policy_of(product)
    document = made(policy, language)
    root = catalog_of(document.file.read())
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (language, True)
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    text = text_of(Document.objects.get().file.read())
    for fact in (policy.insured_id, policy.insured.full_name, in_language(policy.insurer.names, language)):
        assert fact in text


def test_it_tells_the_parties_the_dates_the_sum_and_what_is_covered_with_the_clauses() -> None:
    policy = a_policy_of("life-with-telemedicine")
    heir = a_person(policy.insurer, surname="Абенов", given_name="Ерлан", patronymic="")
    Party.objects.create(policy=policy, person=heir, role=Role.BENEFICIARY, share=Decimal("50.00"))
    bank = Organisation.objects.create(insurer=policy.insurer, name="АО «Банк»")
    Party.objects.create(policy=policy, organisation=bank, role=Role.LENDER)
    text = read(policy)
    for fact in (
        "Policyholder Садыкова Айгуль Сериковна", "Beneficiary Абенов Ерлан, 50 %", "Lender АО «Банк»",
        "First day of cover 1 September 2026", "Last day of cover 31 August 2027", "Sum insured 2 000 000 ₸",
        "Second opinion", "(Medical programme, “the programme includes”)", "reduces the sum insured", "(Rules, 7.12)",
        "Consultations about anybody but the insured person",
    ):  # fmt: skip
        assert fact in text


def test_it_tells_the_wait_and_what_the_memo_does_not_name() -> None:
    """KIH-06, KIH-07, KIH-17, KIH-20."""
    text = read(a_policy_of("personal-doctor"))
    before, after = text.split("What is not covered")
    for fact in (
        "The cover starts 15 days after the activation, on 6 December 2026. Last day of waiting: 5 December 2026.",
        "You pay for each of these consultations yourself. (Memo, “Important”, 1)",
        "The duty doctor sets the time of a specialist.", "about somebody close to the insured person",
    ):  # fmt: skip
        assert fact in before
    assert "Second opinion" in after
    assert "Consultations about anybody" not in after


def test_before_the_activation_its_first_day_is_not_set() -> None:
    policy, _code = a_policy_with_a_code()
    text = read(policy)
    assert "First day of cover set by the activation" in text
    assert "Last day of" not in text


def test_an_employer_is_the_policyholder_and_a_programme_without_consultations_names_none() -> None:
    text = read(a_policy_of("sphera"))
    assert "Policyholder ТОО «Алма»" in text
    assert "Card number KZ 0042" in text
    assert "What is covered" not in text


def test_the_same_contract_is_the_same_bytes_in_another_year() -> None:
    policy = a_policy_of("personal-doctor")
    first = made(policy)
    facts = _facts(policy, "en")
    with time_machine.travel(NOON + timedelta(days=700)):
        assert want_policy(policy=policy, language="en", now=NOON + timedelta(days=700)) == first
        again = render("documents/policy.html", facts, language="en")
    assert hashlib.sha256(again).hexdigest() == first.sha256


def test_another_fact_is_another_document_and_the_first_one_stays() -> None:
    policy = a_policy_of("life-with-telemedicine")
    first = made(policy)
    policy.sum_insured = Decimal(1)
    policy.save()
    assert made(policy) != first
    assert Document.objects.count() == 2


@pytest.mark.parametrize(
    "hostile", ["</td><script>alert(1)</script>", "file:///etc/passwd", "{{ settings.SECRET_KEY }}"]
)
def test_what_a_register_brings_stays_text(hostile: str) -> None:
    policy = a_policy_of("sphera")
    policy.insured.surname = hostile
    policy.insured.save()
    assert hostile.replace(" ", "") in read(policy).replace(" ", "")


# ── Asked for, made, fetched ─────────────────────────────────────────────────
def test_one_asks_on_the_policys_page_waits_a_little_and_fetches_it(
    settings: Any, clock: time_machine.Traveller
) -> None:
    policy = a_policy_of("life-with-telemedicine")
    browser, page = browser_of(aigul(), policy), policy.get_absolute_url()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert ask(browser, policy, "kk")["Location"] == f"{page}#documents"
    assert "Being made" in browser.get(page).content.decode()
    make_next_document(now=NOON)
    document = Document.objects.get()
    after = browser.get(page).content.decode()
    assert document.get_absolute_url() in after
    assert "Being made" not in after
    answer = browser.get(document.get_absolute_url())
    assert b"".join(answer.streaming_content) == document.file.read()
    assert document.file_name("ru") == "Полис NL-0000041.pdf"


def test_asked_for_again_it_is_there_at_once(clock: time_machine.Traveller) -> None:
    policy = a_policy_of("life-with-telemedicine")
    browser = browser_of(aigul(), policy)
    for _ in range(3):
        ask(browser, policy)
    make_next_document(now=NOON)
    assert ask(browser, policy)["Location"] == Document.objects.get().get_absolute_url()
    assert DocumentRequest.objects.count() == 1


def test_nobody_is_written_to() -> None:
    made(a_policy_of("life-with-telemedicine"))
    assert not Notice.objects.exists()
    assert DocumentRequest.objects.get().facts == {}


def test_a_language_that_we_do_not_have_is_refused_and_nothing_is_wanted() -> None:
    policy = a_policy_of("life-with-telemedicine")
    browser = browser_of(aigul(), policy)
    for wrong in ("", "de", "ru\0"):
        assert ask(browser, policy, wrong).status_code in (302, 400)
    assert not DocumentRequest.objects.exists()


def test_a_worker_that_dies_while_it_draws_leaves_it_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = a_policy_of("life-with-telemedicine")
    want_policy(policy=policy, language="en", now=NOON)

    def dies(*arguments: Any, **named: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(documents.documents, "render", dies)
        with pytest.raises(SystemExit):
            make_next_document(now=NOON)
    assert not make_next_document(now=NOON + MINUTE - timedelta(seconds=1))
    assert make_next_document(now=NOON + MINUTE)
    assert Document.objects.count() == 1


# ── Who ──────────────────────────────────────────────────────────────────────
def test_a_guardian_asks_for_the_childs() -> None:
    policy = a_policy(birth_date=date(2016, 9, 5))
    assert ask(browser_of(aigul(), policy, kind=AccessKind.GUARDIAN), policy).status_code == 302
    assert DocumentRequest.objects.get().policy == policy


def test_whoever_does_not_see_the_policy_in_full_finds_nothing_to_ask() -> None:
    policy = a_policy_of("life-with-telemedicine")
    former = aigul()
    browser = browser_of(former, policy)
    end_access(user=former, person=policy.insured, by=None, reason="undone", now=NOON)
    for refused in (browser, browser_of(dana(), policy, AccessScope.LIMITED)):
        assert ask(refused, policy).status_code == 404
    assert ask(Client(), policy)["Location"].startswith("/accounts/login/")
    assert not DocumentRequest.objects.exists()


def test_without_the_look_at_its_scope_a_limited_access_would_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    policy = a_policy_of("life-with-telemedicine")
    monkeypatch.setattr(PolicyCard, "is_limited", False)
    assert ask(browser_of(dana(), policy, AccessScope.LIMITED), policy).status_code == 302
    assert DocumentRequest.objects.exists()


def test_a_limited_access_is_not_even_offered_it() -> None:
    policy = a_policy_of("life-with-telemedicine")
    page = browser_of(dana(), policy, AccessScope.LIMITED).get(policy.get_absolute_url())
    assert f"{policy.get_absolute_url()}documents/" not in page.content.decode()


def test_it_is_asked_for_by_post_only() -> None:
    policy = a_policy_of("life-with-telemedicine")
    assert browser_of(aigul(), policy).get(f"{policy.get_absolute_url()}documents/").status_code == 405
