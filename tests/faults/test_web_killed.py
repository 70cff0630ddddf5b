"""A web process dies at a commit point: nothing or the whole is there, and «reload» leads on (F1)."""

import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from activation.models import Activation
from activation.rules import Proof
from activation.services.begin import Claimed, begin_activation
from policies.queries import policy_with_insured
from policies.rules import AccessKind
from tests.factories import a_policy
from tests.faults.house import House
from tests.faults.results import BEGUN, CONFIRMED, FINISHED, NOTHING, Left, left_by, wait_for_quiet
from tests.faults.stops import Moment
from tests.faults.visitor import ACCOUNT, CONFIRM, START, Visitor
from tests.people import PASSWORD

PLACES = {"finds": START, "begins": ACCOUNT, "confirms": CONFIRM}
Death = tuple[str, str, Moment, Left]  # at which deed, a write to which table, when, and what is left

QUICK: list[Death] = [
    ("begins", "accounts_user", "before write", NOTHING),
    ("begins", "notices_notice", "after write", NOTHING),
    ("confirms", "notices_notice", "after commit", FINISHED),
]
EVERY: list[Death] = [
    ("finds", "core_limit", "before write", NOTHING),
    ("finds", "core_limit", "after commit", NOTHING),
    ("finds", "activation_step", "after write", NOTHING),
    ("finds", "activation_step", "before response", NOTHING),
    ("begins", "accounts_user", "before write", NOTHING),
    ("begins", "activation_activation", "after write", NOTHING),
    ("begins", "notices_notice", "after write", NOTHING),
    ("begins", "notices_notice", "after commit", BEGUN),
    ("begins", "notices_notice", "before response", BEGUN),
    ("confirms", "activation_activation", "before write", BEGUN),
    ("confirms", "activation_activation", "after write", BEGUN),
    ("confirms", "account_emailaddress", "after commit", CONFIRMED),
    ("confirms", "policies_access", "before write", CONFIRMED),
    ("confirms", "notices_notice", "after write", CONFIRMED),
    ("confirms", "notices_notice", "after commit", FINISHED),
    ("confirms", "activation_activation", "before response", FINISHED),
]


def in_words(death: Death) -> str:
    deed, table, moment, _left = death
    return f"{deed}, {moment} of {table}"


@pytest.mark.parametrize("death", QUICK, ids=in_words)
def test_a_killed_web_leaves_nothing_or_the_whole(house: House, visitor: Visitor, death: Death) -> None:
    activates_in_spite_of(death, house, visitor)


@pytest.mark.long
@pytest.mark.parametrize("death", EVERY, ids=in_words)
def test_at_every_commit_point_five_times(house: House, death: Death) -> None:
    for _ in range(5):
        house.mend()
        with Visitor(house) as visitor:
            activates_in_spite_of(death, house, visitor)


def activates_in_spite_of(death: Death, house: House, visitor: Visitor) -> None:
    deed, table, moment, left = death
    for step in PLACES:
        if step == deed:
            assert left_at_death(house, visitor, deed, table, moment) == left
        else:
            getattr(visitor, step)()
    wait_for_quiet(house)
    assert left_by(visitor) == FINISHED
    keys = [letter["Message-ID"] for letter in house.letters_to(visitor.email)]
    assert len(keys) == len(set(keys)) == len(FINISHED.letters)
    assert visitor.broken == []


def left_at_death(house: House, visitor: Visitor, deed: str, table: str, moment: Moment) -> Left:
    """Kills the web process that the visitor talks to; they reload the page only after we have looked."""
    stop = house.stop_at(PLACES[deed], table, moment)
    visitor.may_reload.clear()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(getattr(visitor, deed))
        try:
            house.kill_process(stop.wait())
            return left_by(visitor)
        finally:
            stop.let_go()
            visitor.may_reload.set()
            answer.result()


# ── The guard ────────────────────────────────────────────────────────────────
class Killed(BaseException):
    """As a power cut."""


def begin_and_die(begin: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the account and its letter."""

    def die(*args: Any, **facts: Any) -> None:
        raise Killed

    policy = policy_with_insured(pk=a_policy().pk)
    assert policy
    monkeypatch.setattr("activation.services.begin.notices.post", die)
    with pytest.raises(Killed):
        begin(
            claimed=Claimed(policy, Proof.FACTS, "nonce"), email="aigul@example.kz", password=PASSWORD,
            kind=AccessKind.SELF, language="kk", now=timezone.now(),
        )  # fmt: skip


@pytest.mark.django_db
def test_one_transaction_holds_all_that_step_2_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    begin_and_die(begin_activation, monkeypatch)
    assert (User.objects.count(), Activation.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_without_it_an_account_would_stay_that_no_letter_ever_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    begin_and_die(inspect.unwrap(begin_activation), monkeypatch)
    assert (User.objects.count(), Activation.objects.count()) == (1, 1)
