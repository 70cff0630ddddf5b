"""Whatever stands in names, contacts, reasons, registers, messages and products, every page shows it as text."""

from html import escape

import pytest
from django.utils.safestring import mark_safe

from notices.models import Notice
from notices.services.wording import word
from policies.models import Difference
from tests.notices.conftest import BRAND, FACTS
from tests.notices.test_wording import EMAILS
from tests.security.matrix.actors import Actor, Household
from tests.security.matrix.hostile import PAYLOADS, RAW, fill_every_text, found_alive
from tests.security.matrix.permissions import ROWS
from tests.security.matrix.walk import Question, ask, opened
from tests.security.matrix.world import World


@pytest.fixture
def hostile(world: World) -> World:
    fill_every_text()
    return world


def test_hostile_texts_stay_texts(hostile: World) -> None:
    """A superuser and an insured person open everything that shows texts; the others in the long form below."""
    pages = [page for actor in (Actor.CHIEF, Actor.LIMITED) for page in opened(hostile, actor)]
    assert {page.path: found_alive(page.text) for page in pages if found_alive(page.text)} == {}
    shown = "".join(page.text for page in pages)
    assert [payload for payload in PAYLOADS if escape(payload) not in shown] == []  # control: they do reach the pages


@pytest.mark.long
@pytest.mark.parametrize("actor", Actor)
def test_hostile_texts_stay_texts_for_everybody(hostile: World, actor: Actor) -> None:
    pages = opened(hostile, actor)
    assert {page.path: found_alive(page.text) for page in pages if found_alive(page.text)} == {}


def test_a_page_that_trusted_a_text_would_be_noticed(hostile: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    policy = Question(next(row for row in ROWS if row.url == "policies:policy"), Actor.LIMITED, "GET", Household.NURLAN)
    assert found_alive(ask(hostile, policy).body) == []
    monkeypatch.setattr("policies.models.Person.full_name", mark_safe(PAYLOADS[0]))  # noqa: S308
    assert found_alive(ask(hostile, policy).body) == [PAYLOADS[0]]


def test_pages_before_an_action_show_texts_as_texts(hostile: World) -> None:
    difference = Difference.objects.get(public_id=hostile.keys["difference"][Household.AIGUL])
    for path, action, chosen in (
        ("/staff/policies/difference/", "take", difference.pk),
        ("/staff/notices/notice/", "retry", hostile.keys["message"][Household.AIGUL]),
    ):
        page = hostile.browser(Actor.CHIEF).post(path, {"action": action, "_selected_action": chosen}).text
        assert "<form" in page
        assert found_alive(page) == []


@pytest.mark.parametrize("kind", EMAILS)
def test_hostile_facts_stay_texts_in_letters(kind: str) -> None:
    """Dates, minutes, links and the closed list of changes are ours; names and numbers are the insurer's."""
    for payload in RAW:
        facts = {key: FACTS[kind][key] if is_ours(key) else payload for key in FACTS[kind]}
        brand = BRAND | {"name": payload, "phone": payload, "hours": payload}
        letter = word(Notice(kind=kind, channel="email", to="a@b.kz", language="ru", context=facts | {"brand": brand}))
        assert found_alive(letter.html) == []
        assert "\n" not in letter.subject


def is_ours(fact: str) -> bool:
    return fact in {"url", "minutes", "when", "change"} or fact.endswith(("_on", "_from", "_until", "_at"))
