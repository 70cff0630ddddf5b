"""A stranger learns nothing: not from the page, not from headers or cookies, not from the clock (NSK-21, NSK-22; A4)."""

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest
import time_machine
from allauth.account.auth_backends import AuthenticationBackend
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.hashers import BoundedArgon2Hasher
from activation.models import Activation, Step
from activation.rules import BREAKER_FLOOR, FAILURES_A_DAY, Verdict
from activation.services import find
from activation.services.operate import undo_activation
from core.models import Limit
from policies.models import Policy
from tests.activation.conftest import NOON
from tests.activation.door import START, Visitor, link_in_last_letter
from tests.factories import BORN, TODAY, a_policy, a_programme_beside
from tests.people import a_person, aigul, marat
from tests.security.looks import looks, told_apart

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["kk", "ru", "en"])
WRONG, UNKNOWN = date(1961, 4, 13), "9999999999"
Pair = tuple[str, date]


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


# ── Step 1 ───────────────────────────────────────────────────────────────────
def refused() -> dict[str, Pair]:
    """One pair for everything that refuses at step 1."""
    a_policy("1000000001")
    a_policy("1000000002", signed_on=TODAY)
    a_policy("1000000003", phone="+77012344567")
    active, undone, locked = (a_policy(f"100000000{number}") for number in (4, 5, 6))
    for policy in (active, undone):
        activate(policy)
    undo_activation(activation=undone.activations.get(), by=marat(), reason="not her", now=timezone.now())
    lock(locked)
    beside = a_policy("1000000009")
    beside.product_version = a_programme_beside(beside)
    beside.save()
    return {
        "unknown": (UNKNOWN, BORN),
        "wrong date": ("1000000001", WRONG),
        "waiting, wrong date": ("1000000002", WRONG),
        "with a phone on file, wrong date": ("1000000003", WRONG),
        "already active": (active.insured_id, BORN),
        "already active, wrong date": (active.insured_id, WRONG),
        "undone, wrong date": (undone.insured_id, WRONG),
        "locked": (locked.insured_id, BORN),
        "of another programme": (beside.insured_id, BORN),
    }


def activate(policy: Policy) -> None:
    visitor = Visitor()
    visitor.begins(policy.insured_id, email=f"{policy.insured_id}@example.kz")
    visitor.confirms(link_in_last_letter())
    assert Activation.objects.finished().filter(policy=policy).exists()


def lock(policy: Policy) -> None:
    for _ in range(FAILURES_A_DAY):
        Visitor().says(policy.insured_id, WRONG)


@LANGUAGES
def test_every_refusal_is_one_answer_that_names_the_call_centre_and_sign_in(language: str) -> None:
    pairs = refused()
    answers = {name: Visitor(language).says(*pair) for name, pair in pairs.items()}
    assert set(Step.objects.order_by("-pk")[: len(pairs)].values_list("kind", flat=True)) == {
        Verdict.REFUSED, Verdict.ALREADY_ACTIVE, Verdict.LOCKED,
    }  # fmt: skip
    for name, answer in answers.items():
        assert looks(answer) == looks(answers["unknown"]), name
    page = answers["unknown"].content.decode()
    for way_on in ("+7 (7172) 72-75-89", "/accounts/login/", f"{START}recovery/"):
        assert way_on in page


@LANGUAGES
def test_a_page_that_differed_by_one_word_would_be_noticed(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the comparison sees what a stranger would see."""
    a_policy("1000000001")
    unknown, wrong = Visitor(language).says(UNKNOWN), Visitor(language).says("1000000001", WRONG)
    wrong.content = wrong.content.replace(b"</h1>", b"!</h1>")
    assert looks(unknown) != looks(wrong)
    wrong = Visitor(language).says("1000000001", WRONG)
    wrong.set_cookie("seen", "yes")
    assert looks(unknown) != looks(wrong)


@LANGUAGES
def test_while_the_breaker_is_open_right_facts_get_the_answer_of_wrong_ones(language: str) -> None:
    right = {"right": ("1000000007", BORN), "right, waiting": ("1000000008", BORN)}
    a_policy("1000000007", phone="+77012344567")
    a_policy("1000000008", signed_on=TODAY)
    pairs = {name: pair for name, pair in refused().items() if name != "locked"} | right
    Limit.objects.filter(key="activation:nsk:failures").update(spent=BREAKER_FLOOR, ceiling=2**31 - 1)
    answers = {name: Visitor(language).says(*pair) for name, pair in pairs.items()}
    for name, answer in answers.items():
        assert looks(answer) == looks(answers["unknown"]), name


def ids_told_apart(pairs: dict[str, Pair], *, rounds: int) -> list[str]:
    """Which of `pairs` the clock tells from an unknown ID."""
    locks = list(Limit.objects.filter(key__contains=":id:1000000006"))
    Limit.objects.all().delete()
    client = Visitor("ru")

    def fresh_counters() -> None:
        Limit.objects.all().delete()
        Limit.objects.bulk_create(locks)

    asks: dict[str, Callable[[], object]] = {name: partial(client.says, *pair) for name, pair in pairs.items()}
    return told_apart(asks, by=partial(client.says, UNKNOWN, BORN), rounds=rounds, before=fresh_counters)


@pytest.mark.long
@pytest.mark.timeout(1800)  # seconds: two thousand requests, thrice where a busy machine seems to tell something
def test_the_clock_tells_nothing_in_any_case() -> None:
    assert ids_told_apart(refused(), rounds=200) == []


@pytest.mark.long
def test_the_clock_would_tell_a_door_that_looks_longer_at_known_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the measure finds 50 ms."""
    quick = find.spend_and_look_up

    def slow_for_the_known(*of: Any, now: datetime) -> Any:
        spent, policy = quick(*of, now=now)
        if policy:
            time.sleep(0.05)
        return spent, policy

    monkeypatch.setattr(find, "spend_and_look_up", slow_for_the_known)
    a_policy("1000000001")
    assert ids_told_apart({"wrong date": ("1000000001", WRONG)}, rounds=10) == ["wrong date"]


# ── Signing in, a forgotten password ─────────────────────────────────────────
def signs_in(email: str, **browser: Any) -> HttpResponse:
    return Client(**browser).post("/accounts/login/", {"login": email, "password": "Wrong 1950"})


def forgets(email: str, **browser: Any) -> HttpResponse:
    return Client(**browser).post("/accounts/password/reset/", {"email": email})


DOORS = pytest.mark.parametrize("knocks", [signs_in, forgets])
Knock = Callable[..., HttpResponse]
NOBODY = "dulat@example.kz"  # as long as the others: a page that repeats what was typed is as long as what was typed
KNOWN = {"proved": "aigul@example.kz", "not proved yet": "sayan@example.kz", "staff": "marat@example.kz"}


@pytest.fixture
def known() -> None:
    people_with_accounts()


def people_with_accounts() -> None:
    aigul()
    a_person("sayan@example.kz", verified=False)
    marat()


@DOORS
@LANGUAGES
@pytest.mark.usefixtures("known")
def test_a_known_and_an_unknown_address_get_one_answer(knocks: Knock, language: str) -> None:
    unknown = looks(knocks(NOBODY, HTTP_ACCEPT_LANGUAGE=language))
    for name, email in KNOWN.items():
        assert looks(knocks(email, HTTP_ACCEPT_LANGUAGE=language)) == unknown, name


@LANGUAGES
@pytest.mark.usefixtures("known")
def test_step_2_answers_a_known_address_like_an_unknown_one(language: str) -> None:
    def begins(insured_id: str, email: str) -> object:
        a_policy(insured_id)
        visitor = Visitor(language)
        answer = visitor.begins(insured_id, email=email)
        page = visitor.follows("/activate/letter/")
        return looks(answer), page.status_code, page.content.decode().count(email)

    assert begins("1000000001", "aigul@example.kz") == begins("1000000002", NOBODY)


def forget_tries() -> None:
    """A refused try answers sooner, whoever is asked for."""
    cache.clear()
    Limit.objects.all().delete()


def addresses_told_apart(knocks: Knock, *, rounds: int) -> list[str]:
    asks: dict[str, Callable[[], object]] = {name: partial(knocks, email) for name, email in KNOWN.items()}
    return told_apart(asks, by=partial(knocks, NOBODY), rounds=rounds, before=forget_tries)


@DOORS
@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("known")
def test_the_clock_does_not_tell_whose_address_is_known(knocks: Knock) -> None:
    assert addresses_told_apart(knocks, rounds=200) == []


@pytest.mark.long
def test_the_clock_would_tell_a_sign_in_that_hashes_for_known_addresses_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: without allauth's hash for nobody, and with one of 100 ms instead of 20 so that any machine sees it."""
    monkeypatch.setattr(BoundedArgon2Hasher, "time_cost", 10)
    people_with_accounts()
    monkeypatch.setattr(AuthenticationBackend, "_mitigate_timing_attack", lambda self, password: None)
    assert addresses_told_apart(signs_in, rounds=4) == list(KNOWN)
