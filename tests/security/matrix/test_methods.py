"""What an address does with each method: reading changes nothing, writing needs the token, the rest is refused."""

from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from portal import middleware
from tests.security.matrix.actors import Actor, Household
from tests.security.matrix.law import Row, path_of, refused
from tests.security.matrix.permissions import ROWS
from tests.security.matrix.walk import Question, ask, changed, undone, written
from tests.security.matrix.world import World

TAKES_NO_TOKEN: set[str] = set()  # names of addresses that other machines post to
UNKNOWN = ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"]


def by(actor: Actor, row: Row, method: str) -> Question:
    return Question(row, actor, method, Household.AIGUL)


def codes(world: World, actor: Actor, *methods: str) -> dict[tuple[str, int], list[str]]:
    """(method, code) → which rows answered so."""
    found: dict[tuple[str, int], list[str]] = {}
    for row in ROWS:
        for method in methods:
            code = ask(world, by(actor, row, method)).code
            found.setdefault((method, code), []).append(str(row))
    return found


def test_a_method_that_no_page_means_is_refused_everywhere(world: World) -> None:
    """Before the view is chosen by its address, so a visitor stands for everybody; the others' turn is the control's."""
    before = written()
    assert set(codes(world, Actor.VISITOR, "PUT", "TRACE")) == {("PUT", 405), ("TRACE", 405)}
    assert changed(before) == []


@pytest.mark.parametrize("method", UNKNOWN)
def test_no_method_is_forgotten(world: World, method: str) -> None:
    assert world.browser(Actor.CHIEF).generic(method, "/staff/policies/register/").status_code == 405


def test_without_our_refusal_the_admin_would_answer_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "METHODS", [*middleware.METHODS, "PUT"])
    assert world.browser(Actor.CHIEF).put("/staff/policies/register/").status_code == 200


def test_a_refused_method_says_which_are_taken(world: World) -> None:
    answer = world.browser(Actor.VISITOR).generic("TRACE", "/help/")
    assert answer["Allow"] == "GET, HEAD, POST, OPTIONS"
    assert "<h1" in answer.text


@pytest.mark.long
def test_options_change_nothing_and_break_nothing(world: World) -> None:
    before = written()
    assert {code for _method, code in codes(world, Actor.CHIEF, "OPTIONS")} <= {200, 302, 400, 403, 404, 405}
    assert changed(before) == []


@pytest.mark.long
@pytest.mark.parametrize("row", [row for row in ROWS if row.get != 405], ids=str)
def test_head_is_answered_as_get_without_a_body_and_changes_nothing(world: World, row: Row) -> None:
    """Asked by one who may and by one for each refusal: who is which, is the matter of GET."""
    before = written()
    for question in (by(actor, row, "HEAD") for actor in one_of_each(row)):
        get, head = undone(world, replace(question, method="GET")), undone(world, question)
        assert (head.code, head.body) == (get.code, ""), question
    assert changed(before) == []


def one_of_each(row: Row) -> set[Actor]:
    """The first to whom the page opens, and the first for each way in which it refuses."""
    by_answer = {refused(row, actor, "GET", Household.AIGUL): actor for actor in reversed(Actor)}
    return set(by_answer.values())


def test_no_form_is_taken_without_the_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    before = written()
    for actor in (Actor.CHIEF, Actor.VISITOR):
        strict.cookies = world.browser(actor).cookies
        taken = {row.url for row in ROWS if posts(strict, world, row).status_code != 403}
        assert taken == TAKES_NO_TOKEN
    assert changed(before) == []


def posts(browser: Client, world: World, row: Row) -> HttpResponse:
    answer: Any = browser.post(path_of(row, world.key(row.of, Household.AIGUL) if row.of else ""))
    return answer


def test_with_the_token_the_same_form_is_taken(world: World) -> None:
    """Control: it is the token that was missing."""
    row = next(row for row in ROWS if row.url == "accounts:language")
    strict = Client(enforce_csrf_checks=True)
    token = strict.get("/accounts/login/").context["csrf_token"]
    assert posts(strict, world, row).status_code == 403
    assert strict.post("/accounts/language/", {"language": "kk", "csrfmiddlewaretoken": str(token)}).status_code == 302


def test_staff_are_not_signed_out_by_opening_an_address(world: World) -> None:
    row = next(row for row in ROWS if row.url == "admin:logout")
    assert ask(world, by(Actor.CHIEF, row, "GET")).code == 405
    assert undone(world, by(Actor.CHIEF, row, "POST")).code == 302
