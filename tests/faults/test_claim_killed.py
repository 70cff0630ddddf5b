"""kill -9 in the middle of a notice, an approval, a bank's answer: nothing of it is there; repeated, the whole, once (F1)."""

import inspect
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from claims.models import Claim, Instalment, Item, Letter, PaymentOrder, Step
from claims.rules.life import InstalmentState, State, WrongMoment
from claims.services import notice as noticing
from notices.models import Notice
from tests.claims.desk import a_case, proposed_payout, reviewed
from tests.claims.factories import an_insured, asel, bakyt
from tests.claims.paying import decided, ordered, payer
from tests.faults import claim_acts
from tests.faults.tables import held, stands_at
from tests.live.stream import database_url
from tests.people import aigul
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


# ── What is there before, and what the whole is ──────────────────────────────
def an_insured_person() -> None:
    an_insured(aigul())


def a_proposal() -> None:
    claim = reviewed(a_case())
    proposed_payout(claim, bakyt(claim.insurer))
    asel(claim.insurer)


def orders_at_the_bank() -> None:
    claim = decided(shares=[(1, 2)] * 2)
    payer(claim)
    ordered(claim)


def is_registered() -> None:
    claim = Claim.objects.get()
    assert (claim.state, Step.objects.count(), Letter.objects.count()) == (State.NOTIFIED, 1, 1)
    assert Item.objects.count() > 5
    assert Notice.objects.filter(to="aigul@example.kz").count() == 1


def is_approved() -> None:
    assert (Claim.objects.get().state, Letter.objects.count()) == (State.APPROVED, 1)
    assert Instalment.objects.count() == 10
    assert Claim.objects.get().reviews.get().outcome == "approved"


def is_paid() -> None:
    assert Claim.objects.get().state == State.PAID
    assert Instalment.objects.filter(state=InstalmentState.PAID).count() == 2
    assert PaymentOrder.objects.filter(state="confirmed").count() == 2
    assert Letter.objects.filter(kind="paid").count() == 1


Story = tuple[Callable[[], None], str, Callable[[], None]]
STORIES: dict[str, Story] = {
    "notice": (an_insured_person, "notice", is_registered),
    "approval": (a_proposal, "approval", is_approved),
    "answer": (orders_at_the_bank, "answer", is_paid),
}
# Which act, and on its way to which table.
QUICK = [("approval", "claims_instalment")]
EVERY = [
    ("notice", "claims_step"), ("notice", "claims_item"), ("notice", "claims_letter"), ("notice", "notices_notice"),
    ("approval", "claims_step"), ("approval", "claims_letter"), ("approval", "notices_notice"),
    ("answer", "claims_answerline"), ("answer", "claims_paymentorder"), ("answer", "claims_instalment"),
    ("answer", "notices_notice"),
]  # fmt: skip
DEATHS = [*QUICK, *(pytest.param(*one, marks=pytest.mark.long) for one in EVERY)]


@pytest.mark.parametrize(("story", "table"), DEATHS)
def test_killed_on_its_way_it_has_not_happened_and_then_happens_once(story: str, table: str, originals: Path) -> None:
    begins, act, is_whole = STORIES[story]
    begins()
    before = rows_of_claims()
    with held(table):
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.claim_worker", act],
            env={**os.environ, "DATABASE_URL": database_url(), "ORIGINALS_DIR": str(originals)},
        )
        try:
            wait_until(lambda: stands_at(table), f"the {act} has come to {table}")
        finally:
            worker.kill()
            worker.wait()
    assert rows_of_claims() == before
    for _again in range(2):
        repeat(act)
    is_whole()


def repeat(act: str) -> None:
    """As whoever presses «reload»; a notice's form is known by its token (adr/0014)."""
    if act == "notice" and Claim.objects.exists():
        return
    try:
        with transaction.atomic():
            getattr(claim_acts, act)()
    except WrongMoment:
        assert act == "approval"


def rows_of_claims() -> dict[str, list[Any]]:
    """Every row of the app, and every message."""
    models = [*apps.get_app_config("claims").get_models(), Notice]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


# ── The guard ────────────────────────────────────────────────────────────────
class Killed(BaseException):
    """As a power cut."""


def notice_and_die(give: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the claim and its documents."""

    def die(claim: Claim) -> None:
        raise Killed

    an_insured_person()
    monkeypatch.setattr(noticing, "begin_checklist", die)
    monkeypatch.setattr(claim_acts, "give_notice", give)
    with pytest.raises(Killed):
        claim_acts.notice()


def test_one_transaction_holds_all_that_a_notice_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    notice_and_die(noticing.give_notice, monkeypatch)
    assert not Claim.objects.exists()


def test_without_it_a_claim_would_stay_that_has_no_list_of_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    notice_and_die(inspect.unwrap(noticing.give_notice), monkeypatch)
    assert (Claim.objects.count(), Item.objects.count()) == (1, 0)
