"""Every template compiles; none carries styles, scripts or handlers of its own: the policy of the site forbids them."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = settings.BASE_DIR / "templates"
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
ON_PAPER = ("documents/", "notices/email/")  # documents and letters meet no such policy
PAGES = [name for name in TEMPLATES if name.endswith(".html") and not name.startswith(ON_PAPER)]
SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE)
HANDLER = re.compile(r"\son\w+\s*=\s*[\"']|javascript:", re.IGNORECASE)
STYLE = re.compile(r"<style\b|\sstyle\s*=\s*[\"']", re.IGNORECASE)
SHEETS = sorted((settings.BASE_DIR / "static/css").glob("*.css"))


def test_the_templates_are_found() -> None:
    assert "layouts/base.html" in PAGES


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name: str) -> None:
    assert get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_carries_a_style_a_script_or_a_handler(name: str) -> None:
    assert trespasses((ROOT / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "markup",
    ['<p style="color: red">', "<STYLE>", '<a onclick="x()">', "<a href='javascript:x()'>", "<script>x()</script>"],
)
def test_the_search_for_styles_scripts_and_handlers_finds_them(markup: str) -> None:
    assert trespasses(markup)


def trespasses(markup: str) -> list[str]:
    return [match[0] for pattern in (SCRIPT, HANDLER, STYLE) for match in pattern.finditer(markup)]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_stylesheet_closes_what_it_opens(sheet: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert css.count("{") == css.count("}")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_stylesheet_asks_for_more_than_the_oldest_browser_knows(sheet: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"light-dark\(|color-mix\(|@import|@scope|&[ :.]", css) == []


def test_every_token_that_is_used_is_defined() -> None:
    house = "".join(sheet.read_text() for sheet in SHEETS if sheet.name != "admin.css")
    defined = set(re.findall(r"(--[\w-]+):", house))
    assert set(re.findall(r"var\((--[\w-]+)", house)) <= defined


def test_every_class_of_the_components_is_drawn_somewhere() -> None:
    """A rule without markup is dead weight. The words in the code count: some classes are chosen there."""
    css = re.sub(
        r"/\*.*?\*/", "", "".join(sheet.read_text() for sheet in SHEETS if sheet.name != "admin.css"), flags=re.S
    )
    classes = set(re.findall(r"\.([a-z][\w-]*)(?=[^{}]*\{)", re.sub(r"url\([^)]*\)", "", css)))
    sources = [ROOT, settings.BASE_DIR / "core", settings.BASE_DIR / "static/js"]
    words = " ".join(
        path.read_text(encoding="utf-8")
        for source in sources
        for path in source.rglob("*")
        if path.suffix in {".html", ".py", ".js"}
    )
    assert [name for name in sorted(classes) if not re.search(rf"\b{re.escape(name)}\b", words)] == []


def test_every_vendored_font_has_its_licence_beside_it() -> None:
    fonts = settings.BASE_DIR / "static/fonts"
    assert "SIL Open Font License" in (fonts / "LICENSE-golos-text.txt").read_text()
    named = (fonts / "README.md").read_text()
    assert all(font.name in named for font in fonts.glob("*.woff2"))


@pytest.mark.parametrize("letter", "әғқңөұүһіӘҒҚҢӨҰҮҺІ₸№")
def test_every_kazakh_letter_has_a_font(letter: str) -> None:
    css = (settings.BASE_DIR / "static/css/fonts.css").read_text()
    assert any(first <= ord(letter) <= last for first, last in ranges(css))


def ranges(css: str) -> list[tuple[int, int]]:
    spans = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", css)
    return [(int(first, 16), int(last or first, 16)) for first, last in spans]
