"""Letters of a mass mailing are worded once for all: to each reader they are the same as if worded alone."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.models import Notice
from notices.services import wording
from notices.services.wording import CannotBeWorded, word
from tests.notices.conftest import BRAND, FACTS, URL
from tests.notices.test_wording import LANGUAGES

SHARED = {name: value for name, value in FACTS["invitation"].items() if name not in ("insured", "url")} | {
    "brand": BRAND
}
NAMES = st.text(st.characters(exclude_categories=["Cs", "Co"], exclude_characters="\ufffd")).map(
    lambda text: " ".join(text.split()) or "А"
)


def an_invitation(insured: str, url: str = URL, language: str = "ru", **facts: object) -> Notice:
    context = SHARED | facts | {"personal": {"insured": insured, "url": url}}
    return Notice(kind="invitation", channel="email", to="a@b.kz", language=language, context=context)


def worded_alone(insured: str, url: str = URL, language: str = "ru") -> Notice:
    context = SHARED | {"insured": insured, "url": url}
    return Notice(kind="invitation", channel="email", to="a@b.kz", language=language, context=context)


def words(notice: Notice) -> tuple[str, str, str]:
    message = word(notice)
    return message.subject, message.text, message.html


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None)
@given(name=NAMES)
def test_whatever_a_name_holds_the_letter_is_the_one_worded_alone(language: str, name: str) -> None:
    assert words(an_invitation(name, language=language)) == words(worded_alone(name, language=language))


def test_a_name_with_a_line_break_stays_on_one_line() -> None:
    assert word(an_invitation("Айгуль\r\nBcc: all@b.kz")).subject.startswith("Айгуль Bcc: all@b.kz")


def test_a_name_that_looks_like_markup_stays_a_name() -> None:
    message = word(an_invitation("<b>Алия</b> & К"))
    assert "&lt;b&gt;Алия&lt;/b&gt; &amp; К" in message.html
    assert "<b>Алия</b>" not in message.html


def test_a_name_that_looks_like_a_mark_brings_no_other_text_in() -> None:
    assert "\ue000url\ue001" in word(an_invitation("\ue000url\ue001")).subject


def test_two_people_at_one_address_get_letters_of_their_own() -> None:
    one, other = (word(an_invitation(name, f"{URL}/{name}")) for name in ("Айгуль", "Ерлан"))
    assert "Айгуль" in one.text
    assert "Ерлан" not in one.text
    assert f"{URL}/Ерлан" in other.text


@pytest.mark.parametrize("lost", ["firm", "brand"])
def test_a_fact_that_is_missing_parks_the_letter(lost: str) -> None:
    notice = an_invitation("Айгуль")
    del notice.context[lost]
    with pytest.raises(CannotBeWorded):
        word(notice)


def test_a_personal_text_that_the_letter_does_not_show_parks_it() -> None:
    notice = an_invitation("Айгуль")
    notice.context["personal"]["room"] = "12"
    with pytest.raises(CannotBeWorded):
        word(notice)


def test_the_words_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: what a mailing costs is measured by the bench, but it would be lost without anybody noticing."""
    wording._frame.cache_clear()
    drawn: list[str] = []
    once = wording._drawn

    def noted(kind: str, *facts: Any) -> tuple[str, str, str]:
        drawn.append(kind)
        return once(kind, *facts)

    monkeypatch.setattr(wording, "_drawn", noted)
    for number in range(10):
        word(an_invitation(f"Айгуль {number}"))
    assert drawn == ["invitation"]
