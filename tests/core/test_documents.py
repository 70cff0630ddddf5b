"""A template and its facts become the same PDF everywhere, which anybody can read and which reads nothing itself."""

import hashlib
import json
import os
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import documents
from core.documents import NotFetched, our_fonts_only, render
from core.wording import HOLE, FactMissing
from tests.documents import APPENDIX, FACTS, catalog_of, fonts_of, read, text_of

LANGUAGES = [code for code, _name in settings.LANGUAGES]
OURS = {"Golos-Text", "Golos-Text-Bold"}
KAZAKH = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі Ёё № ₸ «»—"


def appendix(language: str = "ru", **changes: object) -> bytes:
    return render(APPENDIX, FACTS | changes, language=language)


def from_html(body: str) -> bytes:
    with our_fonts_only():
        from core.documents import pdf

        return pdf.from_html(f"<!doctype html><html lang=ru><head><title>x</title></head><body>{body}</body></html>")


# ── The same bytes ───────────────────────────────────────────────────────────
ELSEWHERE = """
import django, hashlib, json, sys
django.setup()
from core.documents import render
facts = json.load(sys.stdin)
print(hashlib.sha256(render("documents/appendix_1/personal-doctor.html", facts, language="kk")).hexdigest())
"""


@pytest.mark.long
def test_another_process_in_another_zone_and_year_makes_the_same_bytes() -> None:
    strange = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "7", "FONTCONFIG_FILE": "/nowhere"}
    answer = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], input=json.dumps(dict(reversed(FACTS.items()))), cwd=settings.BASE_DIR,
        env=os.environ | strange, capture_output=True, text=True, check=True,
    )  # fmt: skip
    with time_machine.travel(datetime(2031, 5, 1, tzinfo=UTC)):
        assert answer.stdout.strip() == hashlib.sha256(appendix("kk")).hexdigest()


def test_another_fact_makes_other_bytes() -> None:
    assert appendix() != appendix(policy_number="КИ-204-118735")


def test_letters_that_our_fonts_lack_are_not_taken_from_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the control: without our configuration the whole page is whatever this machine has."""
    assert fonts_of(appendix(insured="ﷺ Աννα ვახტანგ")) == OURS
    monkeypatch.setattr(documents, "our_fonts_only", nullcontext)
    assert not fonts_of(appendix(insured="ﷺ Աννα ვახტანგ")) & OURS


def test_programs_that_are_started_later_find_their_own_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "/etc/theirs")
    appendix()
    assert os.environ["FONTCONFIG_FILE"] == "/etc/theirs"
    monkeypatch.delenv("FONTCONFIG_FILE")
    appendix()
    assert "FONTCONFIG_FILE" not in os.environ


# ── Readable ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_tagged_for_screen_readers(language: str) -> None:
    document = appendix(language)
    root = catalog_of(document)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "КИ-204-118734" in str(read(document).metadata.title)
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_names_of_rows_are_tagged_as_such() -> None:
    tree = catalog_of(appendix())["/StructTreeRoot"]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI"} <= set(tags_in(tree))


def tags_in(element: object) -> list[str]:
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        return [tag for child in element for tag in tags_in(child)]
    if not isinstance(element, dict):
        return []
    return [str(element.get("/S", "")), *tags_in(element.get("/K", []))]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ["1 марта 2025 года", "16 марта 2025 года", "15 марта 2026 года"]),
        ("kk", ["2025 жылғы 1 наурыз", "2025 жылғы 16 наурыз", "2026 жылғы 15 наурыз", "Сақтандырылушы"]),
        ("en", ["1 March 2025", "16 March 2025", "15 March 2026", "Insured person"]),
    ],
)
def test_its_words_can_be_searched_and_copied(language: str, words: list[str]) -> None:
    text = text_of(appendix(language, insured=KAZAKH))
    for word in [*words, KAZAKH, "КИ-204-118734", "+7 (727) 258-18-00"]:
        assert word in text


def test_every_page_names_the_insurer_and_is_counted() -> None:
    pages = [page.extract_text() for page in read(appendix("ru", insured="Абылай " * 300)).pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert "Казахинстрах" in text
        assert f"{number} / {len(pages)}" in text


def test_a_letter_that_came_in_two_signs_is_drawn_as_one() -> None:
    assert "Сергей" in text_of(appendix(insured="Сергеи\u0306"))


# ── Nothing is fetched ───────────────────────────────────────────────────────
WAYS = {
    "attachment": '<link rel="attachment" href="{}">',
    "link to an attachment": '<a rel="attachment" href="{}">x</a>',
    "stylesheet": '<link rel="stylesheet" href="{}">',
    "import": '<style>@import "{}";</style>',
    "font": '<style>@font-face {{ font-family: x; src: url({}) }} p {{ font-family: x }}</style><p>x</p>',
    "background": '<p style="background: url({})">x</p>',
    "picture": '<img src="{}">',
    "object": '<object data="{}"></object>',
    "picture in a picture": '<svg width="9" height="9"><image href="{}" width="5" height="5"/></svg>',
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:1/x", "x.png"])
def test_whatever_names_an_address_is_refused(way: str, address: str) -> None:
    with pytest.raises(NotFetched):
        from_html(way.format(address))


def test_weasyprint_by_itself_would_have_embedded_the_file(tmp_path: Path) -> None:
    """Control: the same page without our fetcher carries a file of this machine away."""
    secret = tmp_path / "secret"
    secret.write_text("of the house")
    page = WAYS["attachment"].format(secret.as_uri())
    with our_fonts_only():
        from weasyprint import HTML

        carried = read(HTML(string=page).write_pdf()).attachments
    assert carried == {"secret": [b"of the house"]}
    with pytest.raises(NotFetched):
        from_html(page)


def test_what_stands_in_the_page_itself_is_drawn() -> None:
    picture = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9'/></svg>"
    assert text_of(from_html(f'<p>x</p><img alt="y" src="{picture}">')) == "x"


# ── Facts ────────────────────────────────────────────────────────────────────
HOSTILE = '<link rel="attachment" href="file:///etc/hostname"></style><script>{{ face }}{% now "Y" %}</script>&amp;'


@pytest.mark.parametrize("fact", ["insured", "policy_number", "product"])
def test_markup_in_a_fact_is_text(fact: str) -> None:
    document = appendix(**{fact: HOSTILE})
    assert HOSTILE.replace(" ", "") in text_of(document).replace(" ", "")
    assert read(document).attachments == {}


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_no_document_has_a_hole(fact: str) -> None:
    named = {name: value for name, value in FACTS.items() if name != fact}
    if fact in MAY_BE_ABSENT:
        assert render(APPENDIX, named, language="ru")
    else:
        with pytest.raises(FactMissing):
            render(APPENDIX, named, language="ru")


MAY_BE_ABSENT = {"contacts", "waiting_days"}  # the template asks for them with `if`


def names(alphabet: st.SearchStrategy[str] | str) -> st.SearchStrategy[list[str]]:
    """Several a document: drawing it is what takes the time."""
    return st.lists(st.text(alphabet, min_size=1, max_size=60), min_size=1, max_size=20)


ANY = st.characters(exclude_categories=["Cs"], exclude_characters=HOLE)  # surrogates reach no database


@given(names(ANY))
@hypothesis_settings(max_examples=8, deadline=None)
def test_any_name_can_be_written(insured: list[str]) -> None:
    assert read(appendix(insured="; ".join(insured))).pages


@pytest.mark.long
@given(names(ANY))
@hypothesis_settings(max_examples=500, deadline=None)
def test_very_many_names_can_be_written(insured: list[str]) -> None:
    assert read(appendix(insured="; ".join(insured))).pages


@given(names("АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯабвгдәқңşğıİüöA-z'’"))
@hypothesis_settings(max_examples=8, deadline=None)
def test_a_name_in_our_letters_can_be_read_back(insured: list[str]) -> None:
    assert ";".join(insured) in text_of(appendix(insured="; ".join(insured))).replace(" ", "")
