"""A personal link: the policy is known, the address is proved, and the door's other facts are still asked."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone

from activation.models import Activation, Mailing, PersonalLetter, Step
from activation.rules import FAILURES_A_DAY, LINKS_LIVE, Proof
from activation.services.find import Tries
from core.models import Limit
from policies.models import Organisation, Party, Person, Policy
from policies.rules import ContractKind, Role
from tests.activation.mailings import a_firm, a_mailing, born, handed_out, insured, link_to
from tests.factories import a_policy_with_a_code, a_programme
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
AIGUL = "aigul@alma.kz"
ACCOUNT = "/activate/sphera/account/"


@pytest.fixture
def mailing() -> Mailing:
    a_firm()
    mailing = a_mailing()
    handed_out(mailing)
    return mailing


def refusals() -> int:
    return Step.objects.filter(kind="refused").count()


def test_from_the_letter_to_a_begun_activation(mailing: Mailing) -> None:
    browser = Client()
    page = browser.get(link_to(AIGUL))
    assert page.status_code == 200
    assert "insured_id" not in page.context["form"].fields
    assert browser.post(link_to(AIGUL), born())["Location"] == ACCOUNT
    answers = {"email": AIGUL, "password": PASSWORD, "password_again": PASSWORD, "kind": "self"}
    assert browser.post(ACCOUNT, answers)["Location"] == "/activate/letter/"
    begun = Activation.objects.get()
    assert (begun.proof, begun.scope) == (Proof.CONTACT_CODE, "full")


def test_opening_the_link_writes_nothing_and_tells_little(mailing: Mailing) -> None:
    text = Client().get(link_to(AIGUL)).text
    assert "Айгуль С." in text
    assert not [fact for fact in ("4410", "Садыкова", "Сериковна", AIGUL) if fact in text]
    assert (Step.objects.count(), Limit.objects.count(), Activation.objects.count()) == (0, 0, 0)


def test_a_forwarded_link_alone_opens_nothing(mailing: Mailing) -> None:
    thief = Client()
    assert thief.post(link_to(AIGUL), born(year="1962")).status_code == 200
    assert thief.get(ACCOUNT)["Location"] == "/activate/sphera/"
    assert refusals() == 1


def test_the_birth_date_cannot_be_tried_through(mailing: Mailing) -> None:
    """The same tries as at the door: behind the link and at the door they are one count."""
    thief, link = Client(), link_to(AIGUL)
    for day in range(10, 10 + FAILURES_A_DAY):
        thief.post(link, born(day=str(day), year="1970"))
    assert thief.post(link, born()).status_code == 200
    assert thief.get(ACCOUNT)["Location"] == "/activate/sphera/"
    assert Step.objects.latest("pk").kind == "locked"


def test_without_the_limit_the_right_one_would_open(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(Tries, "of_id_and_source", property(lambda tries: [
        type(tries.of_source)(key, None, timedelta(days=1))
        for key in [*tries.of_id, tries.of_source.key, tries.of_insurer, tries.all_at_insurer, tries.visits]
    ]))  # fmt: skip
    thief, link = Client(), link_to(AIGUL)
    for day in range(10, 10 + FAILURES_A_DAY):
        thief.post(link, born(day=str(day), year="1970"))
    assert thief.post(link, born())["Location"] == ACCOUNT


def test_while_somebody_guesses_at_the_insurer_nothing_is_compared(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tries, "look_suspicious", lambda tries, spent: True)
    assert Client().post(link_to(AIGUL), born())["Location"] == "/activate/sphera/recovery/"


@pytest.mark.parametrize(("age", "opens"), [(LINKS_LIVE - timedelta(seconds=1), True), (LINKS_LIVE, False)])
def test_it_lives_thirty_days(mailing: Mailing, age: timedelta, opens: bool) -> None:
    with time_machine.travel(mailing.started_at + age, tick=False):
        assert is_open(link_to(AIGUL)) is opens


def is_open(link: str) -> bool:
    page: Any = Client().get(link)
    return bool(page.templates[0].name == "activation/invited.html")


def test_it_ends_with_the_cover(mailing: Mailing) -> None:
    Policy.objects.update(cover_ends_on=timezone.localdate())
    assert is_open(link_to(AIGUL))
    Policy.objects.update(cover_ends_on=timezone.localdate() - timedelta(days=1))
    assert not is_open(link_to(AIGUL))


@pytest.mark.parametrize("state", ["finished", "undone"])
def test_it_ends_with_the_activation_and_stays_dead_when_that_is_undone(mailing: Mailing, state: str) -> None:
    """Whoever wrongly had the policy may hold the link."""
    policy = Policy.objects.get(insured_key="4410027531")
    Activation.objects.create(
        policy=policy, user=mailing.started_by, nonce="n", email=AIGUL, language="ru", kind="self", scope="full",
        proof="facts", state=state, finished_at=timezone.now(),
    )  # fmt: skip
    assert not is_open(link_to(AIGUL))


def test_it_proves_only_the_address_it_was_sent_to(mailing: Mailing) -> None:
    Person.objects.filter(email=AIGUL).update(email="other@alma.kz")
    assert not is_open(link_to(AIGUL))


def test_a_letter_that_came_back_opens_nothing(mailing: Mailing) -> None:
    PersonalLetter.objects.update(bounced_at=timezone.now())
    assert not is_open(link_to(AIGUL))


@pytest.mark.parametrize("token", ["invented", "1:", "1:AAAA", "zzzzzzzzzzzzzzz:x"])
def test_an_invented_link_is_dead(mailing: Mailing, token: str) -> None:
    assert not is_open(f"/activate/invited/{token}/")


def test_a_link_cannot_be_made_for_somebody_else(mailing: Mailing) -> None:
    mine = link_to(AIGUL)
    number, _colon, signature = mine.split("/")[-2].partition(":")
    other = int(number, 36) + 1
    assert not is_open(f"/activate/invited/{other}:{signature}/")
    forged = Signer(key="another", salt="activation.personal_letter").sign(number)
    assert not is_open(f"/activate/invited/{forged}/")


def test_during_the_waiting_period_it_leads_to_the_day(mailing: Mailing) -> None:
    Policy.objects.update(signed_on=timezone.localdate())
    assert Client().post(link_to(AIGUL), born())["Location"] == "/activate/sphera/waiting/"


def test_two_at_one_address_open_their_own_policies() -> None:
    one, other = insured("Айгуль", "home@alma.kz", 31), insured("Ерлан", "home@alma.kz", 32)
    letters = handed_out(a_mailing())
    pages = [Client().get(letter.context["personal"]["url"].partition("8000")[2]).text for letter in letters]
    assert ["Айгуль С." in page for page in pages] == [True, False]
    assert (one.insured.email, other.insured.email) == ("home@alma.kz", "home@alma.kz")


def test_behind_the_second_door_iin_and_name_are_asked_and_the_letter_takes_the_place_of_the_code() -> None:
    policy, _code = a_policy_with_a_code(email=AIGUL)
    firm = Organisation.objects.create(insurer=policy.insurer, name="ТОО «Алма»")
    Party.objects.filter(policy=policy, role=Role.POLICYHOLDER).update(person=None, organisation=firm)
    Policy.objects.update(contract_kind=ContractKind.CORPORATE)
    handed_out(a_mailing(product=a_programme("personal-doctor").product, organisation=firm))
    browser = Client()
    assert set(browser.get(link_to(AIGUL)).context["form"].fields) == {"iin", "name"}
    wrong = {"iin": "580702300015", "name": "Садыкова Айгуль"}
    assert browser.post(link_to(AIGUL), wrong).status_code == 200
    right = browser.post(link_to(AIGUL), wrong | {"iin": "610314400020"})
    assert right["Location"] == "/activate/personal-doctor/account/"
