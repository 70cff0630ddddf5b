"""Every kind, in every language, whole and without holes."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist
from django.utils import translation

from notices.models import Notice
from notices.rules import sms_parts
from notices.services import post
from notices.services.wording import CannotBeWorded, word
from tests.notices.conftest import BRAND, FACTS, URL

TEMPLATES = Path(settings.BASE_DIR) / "templates/notices"
EMAILS = sorted(path.name.removesuffix(".subject.txt") for path in (TEMPLATES / "email").glob("*.subject.txt"))
SMS = sorted(path.stem for path in (TEMPLATES / "sms").glob("*.txt"))
MAY_BE_ABSENT = {
    "change",
    "cover_until",
    "is_free",
    "is_over",
    "is_owed_back",
    "is_rendered",
    "is_upheld",
    "new",
}  # a template asks for them with `if` and says less without
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def unsaved(kind: str, channel: str = "email", language: str = "ru", **facts: Any) -> Notice:
    context = FACTS[kind] | {"brand": BRAND} | facts
    return Notice(kind=kind, channel=channel, to="a@b.kz", language=language, context=context)


def test_the_samples_cover_every_kind() -> None:
    assert set(EMAILS) | set(SMS) == set(FACTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EMAILS)
def test_a_letter_is_whole(kind: str, language: str) -> None:
    message = word(unsaved(kind, language=language))
    assert "\n" not in message.subject
    assert 10 < len(message.subject) < 120
    for body in (message.text, message.html):
        assert BRAND["phone"] in body
        assert "{" not in body.partition("</style>")[2] or body is message.text
        assert body.count("None") == 0
    assert f'<html lang="{language}">' in message.html
    assert message.subject in message.html


@pytest.mark.parametrize("kind", [kind for kind in EMAILS if "url" in FACTS[kind]])
def test_its_one_link_stands_on_its_own_line(kind: str) -> None:
    message = word(unsaved(kind))
    assert message.text.splitlines().count(URL) == 1
    assert message.text.count("://") == 1
    assert message.html.count("href=") == 1


@pytest.mark.parametrize("kind", EMAILS)
def test_no_letter_styles_its_elements_one_by_one_or_loads_anything(kind: str) -> None:
    html = word(unsaved(kind)).html
    assert " style=" not in html
    assert " src=" not in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SMS)
def test_an_sms_has_two_parts_at_most(kind: str, language: str) -> None:
    assert sms_parts(word(unsaved(kind, "sms", language)).text) <= 2


def test_the_code_can_be_filled_in_by_the_browser() -> None:
    assert word(unsaved("proof_code", "sms")).text.splitlines()[-1] == "@mp.example #417302"


def test_the_code_is_not_in_the_subject() -> None:
    assert "417302" not in word(unsaved("proof_code")).subject


def test_a_kazakh_letter_is_kazakh_while_russian_is_active() -> None:
    with translation.override("ru"):
        message = word(unsaved("policy_activated", language="kk"))
        assert translation.get_language() == "ru"
    assert "2026 жылғы 1 желтоқсанда" in message.subject
    assert "2026 жылғы 1 желтоқсаннан" in message.text
    assert "декабря" not in message.subject + message.text + message.html


@pytest.mark.parametrize(("until", "named"), [("2027-11-30", True), ("", False)])
def test_a_contract_without_a_last_day_names_none(until: str, named: bool) -> None:
    message = word(unsaved("policy_activated", language="en", cover_until=until))
    assert "Cover runs from 1 December 2026." in message.text
    assert ("Last day of cover: 30 November 2027." in message.text) is named
    assert ("Last day of cover" in message.html) is named


def test_an_instant_is_told_by_the_clock_of_the_zone_it_was_written_in() -> None:
    assert "21 November 2026 at 23:30" in word(unsaved("new_device", language="en")).subject


@pytest.mark.parametrize("kind", EMAILS)
def test_no_fact_may_be_missing(kind: str) -> None:
    for key in {*FACTS[kind], "brand"} - MAY_BE_ABSENT:
        notice = unsaved(kind)
        del notice.context[key]
        with pytest.raises(CannotBeWorded):
            word(notice)


def test_a_date_that_is_none_is_a_fault_that_names_no_value() -> None:
    with pytest.raises(CannotBeWorded, match=r"^ValueError$"):
        word(unsaved("policy_activated", cover_from="secret"))


def test_html_is_escaped_and_text_is_not() -> None:
    message = word(unsaved("activation_opens", product="Мать & <b>дитя</b>"))
    assert "Мать & <b>дитя</b>" in message.subject
    assert "Мать &amp; &lt;b&gt;дитя&lt;/b&gt;" in message.html


def test_a_line_break_in_a_fact_does_not_break_the_subject() -> None:
    assert "\n" not in word(unsaved("activation_opens", product="Полис\r\nBcc: all@b.kz")).subject


def test_an_sms_that_would_cost_a_fortune_is_not_worded() -> None:
    with pytest.raises(CannotBeWorded):
        word(unsaved("activated_notice_to_contact", "sms", product="Полис " * 60))


@pytest.mark.django_db
def test_an_unknown_kind_fails_where_it_is_posted() -> None:
    with pytest.raises(TemplateDoesNotExist):
        post("no_such_kind", to="a@b.kz", language="ru", context={})
