"""Activation goes step by step: who opens a later one without the one before is led back, and nothing is written."""

from typing import Any

import pytest
from django.test import Client

from tests.activation.door import facts
from tests.factories import BORN, a_policy
from tests.forms import sends
from tests.people import PASSWORD
from tests.security.matrix.actors import Actor
from tests.security.matrix.walk import changed, written
from tests.security.matrix.world import World

DOOR = "/activate/sphera/"
TOKENS = {"core_sentform"}  # of the forms that are sent here
ANSWERS = {
    "answer": "К-4410027531", "email": "thief@example.kz", "password": PASSWORD, "password_again": PASSWORD, "kind": "self",
}  # fmt: skip
LATER = {
    f"{DOOR}waiting/": DOOR, f"{DOOR}waiting/calendar.ics": DOOR, f"{DOOR}waiting/reminder/": DOOR,
    f"{DOOR}proof/": DOOR, f"{DOOR}proof/codes/": DOOR, f"{DOOR}account/": DOOR,
    "/activate/letter/": "/activate/", "/activate/letter/address/": "/activate/",
    "/activate/letter/copies/": "/activate/letter/", "/activate/letter/end/": "/accounts/login/",
}  # fmt: skip


@pytest.mark.parametrize("actor", [Actor.VISITOR, Actor.OWNER, Actor.STRANGER, Actor.OPERATOR])
@pytest.mark.parametrize("step", LATER)
def test_a_later_step_leads_back_and_writes_nothing(world: World, actor: Actor, step: str) -> None:
    browser, before = world.browser(actor), written()
    answers = [browser.get(step), sends(browser, step, ANSWERS)]
    assert {answer["Location"] for answer in answers if answer.status_code != 405} == {LATER[step]}
    assert changed(before, but=TOKENS) == []


@pytest.mark.parametrize(
    "step", [f"{DOOR}account/", f"{DOOR}waiting/", f"{DOOR}waiting/reminder/", f"{DOOR}waiting/calendar.ics"]
)
def test_who_owes_the_second_proof_goes_no_further_without_it(world: World, step: str) -> None:
    browser = at_the_second_proof()
    before = written()
    answers: list[Any] = [browser.get(step), sends(browser, step, ANSWERS)]
    assert {answer["Location"] for answer in answers if answer.status_code != 405} <= {f"{DOOR}proof/", DOOR}
    assert changed(before, but=TOKENS) == []


def at_the_second_proof() -> Client:
    a_policy("4410099999", phone="+77012345678")
    browser = Client()
    assert browser.post(DOOR, facts("4410099999", BORN))["Location"] == f"{DOOR}proof/"
    return browser


def test_with_the_proof_the_same_browser_goes_on(world: World) -> None:
    """Control."""
    browser = at_the_second_proof()
    assert sends(browser, f"{DOOR}proof/", {"answer": "Д-2026/117"})["Location"] == f"{DOOR}account/"
    assert sends(browser, f"{DOOR}account/", ANSWERS)["Location"] == "/activate/letter/"


def test_an_invented_link_confirms_nothing(world: World) -> None:
    browser, before = world.browser(Actor.VISITOR), written()
    for token in ("x", "eyJ:1:2", "W10:1tXyZ:abc"):
        assert browser.post(f"/activate/confirm/{token}/").status_code == 200
    assert changed(before, but=TOKENS) == []
