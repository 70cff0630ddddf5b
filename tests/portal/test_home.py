"""The front door, the cabinet's home and one policy: what is happening, what must I do, by when, whom do I call."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from policies.models import Policy
from policies.rules import AccessKind, AccessScope, ContractKind, Rendering
from policies.services.access import end_access, grant_access
from policies.services.consultations import record_rendered
from policies.services.cover import start_cover
from tests.factories import (
    TODAY,
    a_borrower,
    a_person,
    a_policy,
    a_policy_with_a_code,
    an_insurer,
    another_insurer,
)
from tests.people import aigul, dana
from tests.queries import statements

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def browser_of(user: User, language: str = "en") -> Client:
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(user)
    return client


def owned(
    policy: Policy, user: User, kind: AccessKind = AccessKind.SELF, scope: AccessScope = AccessScope.FULL
) -> Policy:
    grant_access(user=user, person=policy.insured, kind=kind, scope=scope, proof="facts", by=user, now=NOON)
    return policy


def text(client: Client, path: str = "/") -> str:
    return client.get(path).content.decode().replace("\u00a0", " ")


# ── The front door ───────────────────────────────────────────────────────────
def test_a_stranger_is_led_to_activation_and_sign_in() -> None:
    page = text(Client(HTTP_ACCEPT_LANGUAGE="en"))
    assert 'href="/activate/"' in page
    assert 'href="/accounts/login/"' in page


def test_on_an_insurers_own_host_its_numbers_stand_on_every_page() -> None:
    an_insurer()
    client = Client(HTTP_HOST="nsk.localhost", HTTP_ACCEPT_LANGUAGE="en")
    for path in ("/", "/help/", "/accounts/login/"):
        assert "+7 (7172) 72-75-89" in text(client, path)


def test_help_on_a_neutral_host_names_every_insurer_with_a_number() -> None:
    an_insurer()
    an_insurer("sogaz")
    an_insurer("nomad-life")
    page = text(Client(HTTP_ACCEPT_LANGUAGE="en"), "/help/")
    assert "22-58" in page
    assert "8-800-302-44-19" in page
    assert "Nomad Life" not in page


def test_a_host_that_is_not_ours_gets_a_page_and_no_insurer(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["mp.example"]
    assert Client(HTTP_HOST="evil.example").get("/").status_code == 400


# ── Home ─────────────────────────────────────────────────────────────────────
def test_cover_in_force_shows_the_days_left_the_ruler_and_both_dates() -> None:
    user = aigul()
    owned(a_policy(cover_starts_on=date(2026, 9, 1), cover_ends_on=date(2027, 8, 31)), user)
    page = text(browser_of(user))
    assert "In force" in page
    assert "<b>284</b>" in page  # today and the last day count
    assert "01.09.2026" in page
    assert "31.08.2027" in page
    assert 'viewBox="0 0 12 1"' in page


@pytest.mark.parametrize(
    ("starts", "ends", "standing"),
    [
        (TODAY + timedelta(days=1), None, "Starts later"),
        (TODAY, None, "In force"),
        (TODAY - timedelta(days=9), TODAY, "In force"),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), "Ended"),
    ],
)
def test_cover_counts_from_its_first_day_to_the_end_of_its_last(starts: date, ends: date | None, standing: str) -> None:
    user = aigul()
    owned(a_policy(cover_starts_on=starts, cover_ends_on=ends), user)
    assert f">{standing}</span>" in text(browser_of(user))


def test_limited_access_says_what_to_do() -> None:
    user = aigul()
    owned(a_policy(), user, scope=AccessScope.LIMITED)
    assert "Confirm who you are" in text(browser_of(user))


def test_with_nothing_to_do_it_says_so() -> None:
    user = aigul()
    owned(a_policy(), user)
    assert "Nothing now" in text(browser_of(user))


def test_without_a_policy_it_offers_to_activate_one() -> None:
    assert "Activate your first policy" in text(browser_of(dana()))


def test_a_childs_policy_stands_beside_ones_own_and_says_whose_it_is() -> None:
    user = aigul()
    owned(a_policy("1"), user)
    child = a_policy("2", given_name="Алия", birth_date=date(2015, 6, 1))
    owned(child, user, AccessKind.GUARDIAN)
    page = text(browser_of(user))
    assert page.index("Айгуль") < page.index("Алия")
    assert "parent or guardian" in page


def test_a_guardians_right_ends_on_the_18th_birthday() -> None:
    user = aigul()
    owned(a_policy("1", given_name="Алия", birth_date=date(2008, 11, 22)), user, AccessKind.GUARDIAN)
    assert "Алия" in text(browser_of(user))
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert "Алия" not in text(browser_of(user))


def test_access_that_was_ended_shows_nothing_any_more() -> None:
    user = aigul()
    policy = owned(a_policy(), user)
    end_access(user=user, person=policy.insured, by=None, reason="a mistake", now=NOON)
    assert policy.insured_id not in text(browser_of(user))


@pytest.mark.parametrize("policies", [1, 5])
def test_home_costs_the_same_whatever_one_owns(policies: int) -> None:
    user = aigul()
    for number in range(policies):
        owned(a_policy(f"{number}", given_name=f"Имя{number}"), user)
    client = browser_of(user)
    client.get("/")
    with statements() as made:
        client.get("/")
    assert len(made) <= 7, made  # session, user, the cards, doctors, claims, and the shell’s


def test_a_card_says_what_is_covered_what_it_costs_and_from_when() -> None:
    """KIH-07, TM-27."""
    user = aigul()
    doctor, _code = a_policy_with_a_code()
    start_cover(policy=doctor, by=None, now=NOON)
    owned(doctor, user)
    owned(a_borrower(), user)
    page = " ".join(re.sub("<[^>]+>", " ", text(browser_of(user))).split())
    assert "Duty GP, duty paediatrician, GP or paediatrician by appointment, specialist, second opinion 0 ₸" in page
    assert "Duty GP, duty paediatrician 5 000 ₸ now, from 6 December 2026 0 ₸" in page
    assert "Second opinion 8 000 ₸" in page


# ── One policy ───────────────────────────────────────────────────────────────
def test_the_owner_reads_every_fact_of_the_contract() -> None:
    user = aigul()
    policy = owned(a_policy(kind=ContractKind.CORPORATE, card_number="KZ 0042"), user)
    page = text(browser_of(user), policy.get_absolute_url())
    for fact in (
        "Айгуль",
        "4410 0275 31",
        "KZ 0042",
        "ТОО «Алма»",
        "22 September 2026",
        "the plastic medical card",
    ):
        assert fact in page


def test_a_stranger_finds_nothing_and_no_trace() -> None:
    policy = owned(a_policy(), aigul())
    stranger = browser_of(dana())
    answers = [stranger.get(path) for path in (policy.get_absolute_url(), f"/policies/{uuid4()}/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    for answer in answers:
        assert "4410" not in answer.content.decode()


def test_without_signing_in_one_is_asked_to() -> None:
    policy = owned(a_policy(), aigul())
    answer = Client().get(policy.get_absolute_url())
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_only_read(method: str) -> None:
    user = aigul()
    policy = owned(a_policy(), user)
    for path in ("/", "/help/", policy.get_absolute_url()):
        assert getattr(browser_of(user), method)(path).status_code == 405


def test_two_insurers_policies_live_in_one_cabinet() -> None:
    user = aigul()
    owned(a_policy("1"), user)
    owned(a_policy("2", insurer=another_insurer(), person=a_person(another_insurer())), user)
    page = text(browser_of(user, "ru"))
    assert "Сфера здоровья" in page
    assert "Другая программа" in page


def test_an_address_that_only_takes_a_form_says_what_to_do() -> None:
    answer = Client(HTTP_ACCEPT_LANGUAGE="en").get("/activate/letter/end/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert b"press the button there" in answer.content


def test_an_account_that_is_somebody_adds_a_child_only_as_a_child() -> None:
    user = aigul()
    owned(a_policy("1"), user)
    child = a_policy("2", given_name="Алия", birth_date=date(2015, 6, 1))
    client = browser_of(user)
    facts = {"insured_id": "2", "birth_date_0": "01.06.2015"}
    assert client.post("/activate/sphera/", facts)["Location"] == "/activate/sphera/account/"
    assert b'value="self"' not in client.get("/activate/sphera/account/").content
    assert client.post("/activate/sphera/account/", {"kind": "self"}).context["form"].errors["kind"]
    assert child.insured.full_name not in text(client)


def test_a_policys_page_explains_each_price_with_its_clause() -> None:
    user = aigul()
    policy = owned(a_borrower(cover_starts_on=TODAY + timedelta(days=1)), user)
    page = text(browser_of(user), policy.get_absolute_url())
    for words in (
        "What is covered", "5 000 ₸", "from 22 November 2026", "Rules, 5.1 and 9.5", "Until then you pay yourself: 5 000 ₸.",
        "call Support at the number",
    ):  # fmt: skip
        assert words in page


def test_a_policy_without_consultations_speaks_of_none() -> None:
    user = aigul()
    policy = owned(a_policy(), user)
    assert "What is covered" not in text(browser_of(user), policy.get_absolute_url())


@pytest.mark.parametrize("rendered", [1, 6])
def test_a_policys_page_costs_the_same_whatever_was_rendered(rendered: int) -> None:
    user = aigul()
    policy = owned(a_borrower(), user)
    for _ in range(rendered):
        record_rendered(
            person=policy.insured, policy=policy, reference=uuid4(), how=Rendering.HELD, rendered_on=TODAY, now=NOON
        )
    client = browser_of(user)
    client.get(policy.get_absolute_url())
    with statements() as made:
        client.get(policy.get_absolute_url())
    assert len([sql for sql in made if "policies_" in sql]) == 6, made
