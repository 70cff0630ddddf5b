"""Kazakh and Russian are whole: ours, and what Django, allauth and the phone field lack or say otherwise."""

import io
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from pathlib import Path

import polib
import pytest
from django.conf import LazySettings, settings
from django.utils.translation import override
from django.utils.translation.trans_real import DjangoTranslation

from dev.messages import compile_stale
from policies.rules.register_columns import Column, understand

BASE = Path(settings.BASE_DIR)
LOCALE = BASE / "locale"
CATALOGUES = sorted(LOCALE.rglob("*.po"))
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[a-z]|%[sd]|(?<!\{)\{[a-z0-9_]*\}")
TAG = re.compile(r"</?[a-z][^>]*>")

Message = tuple[str | None, str]  # context, msgid


def name(path: Path) -> str:
    return str(path.relative_to(LOCALE))


@cache
def read(path: Path) -> polib.POFile:
    return polib.pofile(str(path))


def catalogue(path: str) -> polib.POFile:
    return read(LOCALE / path / "LC_MESSAGES/django.po")


def forms(entry: polib.POEntry) -> list[str]:
    """The translation in every number, in the order of the plural's formula."""
    return [text for _n, text in sorted(entry.msgstr_plural.items())] if entry.msgid_plural else [entry.msgstr]


def said(language: str) -> Iterator[str]:
    for path in CATALOGUES:
        if path.parts[-3] == language:
            for entry in read(path):
                yield from forms(entry)


# ── Every catalogue ──────────────────────────────────────────────────────────
def test_ours_and_upstreams_catalogues_exist_in_both_languages() -> None:
    assert {"kk", "ru"} == {path.parts[-3] for path in CATALOGUES}
    assert len(CATALOGUES) >= 4


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_nothing_is_left_untranslated_or_doubtful(path: Path) -> None:
    entries = read(path)
    assert [entry.msgid for entry in entries if not entry.translated() or entry.fuzzy or entry.obsolete] == []
    assert "\n#|" not in path.read_text()  # what a doubtful one once translated


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_a_translation_has_the_placeholders_and_the_tags_of_its_original(path: Path) -> None:
    for entry in read(path):
        original = entry.msgid_plural or entry.msgid
        for text in forms(entry):
            assert Counter(PLACEHOLDER.findall(text)) == Counter(PLACEHOLDER.findall(original)), text
            assert Counter(TAG.findall(text)) == Counter(TAG.findall(original)), text


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_no_space_is_doubled_or_left_at_an_end(path: Path) -> None:
    texts = [text for entry in read(path) for text in forms(entry)]
    assert [text for text in texts if "  " in text or text != text.strip()] == []


# ── The words ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("word", ["пожалуйста", "успешн", "некорректн", "вы забыли"])
def test_russian_does_not_say(word: str) -> None:
    assert [text for text in said("ru") if word in text.lower()] == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_nobody_is_shouted_at(language: str) -> None:
    assert [
        text for text in said(language) if "!" in text and text != ":?.!"
    ] == []  # that one is Django's list of signs


def test_russian_writes_вы_small_inside_a_sentence() -> None:
    assert [text for text in said("ru") if re.search(r"[а-яё,»] (?:Вы|Вас|Вам|Вами|Ваш\w*)\b", text)] == []


def test_kazakh_writes_сіз_with_a_capital() -> None:
    assert [text for text in said("kk") if re.search(r"\bсіз(?:дің|ге|ді|де|ден|бен|дікі)?\b", text)] == []


# Not «не» and «от»: they are Kazakh words too.
RUSSIAN_WORDS = "и или для что это вы вас вам ваш ваша по при после если чтобы нет с в к на как уже только пароль"


@pytest.mark.parametrize("word", RUSSIAN_WORDS.split())
def test_kazakh_has_no_russian_word(word: str) -> None:
    sentences = [text for text in said("kk") if len(text) > 1]  # «С» alone heads a day in a calendar
    assert [text for text in sentences if re.search(rf"(?<!\w){word}(?!\w)", text.lower())] == []


# ── Numbers ──────────────────────────────────────────────────────────────────
def counted(language: str, one: str, many: str, n: int) -> str:
    translations = GNUTranslations(io.BytesIO(catalogue(language).to_binary()))
    return translations.ngettext(one, many, n)


@pytest.mark.parametrize(
    ("n", "phrase"),
    [(1, "день"), (2, "дня"), (4, "дня"), (5, "дней"), (11, "дней"), (21, "день"), (22, "дня"), (111, "дней")],
)
def test_russian_counts_days(n: int, phrase: str) -> None:
    assert counted("ru", "day until activation", "days until activation", n) == f"{phrase} до активации"


@pytest.mark.parametrize(("n", "phrase"), [(1, "ответ"), (2, "ответа"), (5, "ответов"), (21, "ответ")])
def test_russian_counts_answers(n: int, phrase: str) -> None:
    said = counted("ru", "Check %(count)d answer", "Check %(count)d answers", n) % {"count": n}
    assert said == f"Проверьте {n} {phrase}"


def test_a_kazakh_noun_stays_singular_after_a_number() -> None:
    for entry in (entry for entry in catalogue("kk") if entry.msgid_plural):
        assert len(set(forms(entry))) == 1, entry.msgid


@pytest.mark.parametrize(("language", "number"), [("kk", 2), ("ru", 4)])
@pytest.mark.parametrize("place", ["{}", "upstream/{}"])
def test_a_catalogue_has_as_many_forms_as_djangos(language: str, number: int, place: str) -> None:
    ours = catalogue(place.format(language))
    assert ours.metadata["Plural-Forms"].startswith(f"nplurals={number};")
    assert {len(forms(entry)) for entry in ours if entry.msgid_plural} == {number}


# ── Upstream ─────────────────────────────────────────────────────────────────
NEVER_SHOWN = (
    "conf/global_settings.py",  # the names of languages that the portal does not speak
    "views/csrf.py",  # templates/403_csrf.html stands in its place
    "views/templates/default_urlconf.html",
)
DJANGO = ("conf", "contrib/admin", "contrib/auth", "contrib/contenttypes", "contrib/postgres")
# allauth's sources whose words reach people here: no sign-up, no codes by letter, no letters but ours.
ALLAUTH = re.compile(
    r"(?:account|mfa|usersessions)/.*\.py"
    r"|templates/(?:account/(?:logout|password_change|password_set|reauthenticate|base_)"
    r"|account/messages/|mfa/(?!email/|trust|webauthn/signup)|usersessions/).*"
)


def upstream(package: str, path: str) -> polib.POFile:
    return read(Path(str(files(package).joinpath(path))))


def spoken(entries: polib.POFile) -> set[Message]:
    return {(entry.msgctxt, entry.msgid) for entry in entries if entry.translated()}


@pytest.fixture(scope="module")
def kazakh() -> set[Message]:
    return spoken(catalogue("kk")) | spoken(catalogue("upstream/kk"))


@pytest.mark.parametrize("app", DJANGO)
def test_what_django_shows_is_said_in_kazakh(app: str, kazakh: set[Message]) -> None:
    original = upstream("django", f"{app}/locale/en/LC_MESSAGES/django.po")
    shown = [entry for entry in original if not any(source in NEVER_SHOWN for source, _ in entry.occurrences)]
    known = kazakh | spoken(upstream("django", f"{app}/locale/kk/LC_MESSAGES/django.po"))
    assert [entry.msgid for entry in shown if (entry.msgctxt, entry.msgid) not in known] == []


def test_what_the_scripts_of_the_admin_show_is_said_in_kazakh() -> None:
    original = upstream("django", "contrib/admin/locale/en/LC_MESSAGES/djangojs.po")
    ours = read(LOCALE / "upstream/kk/LC_MESSAGES/djangojs.po")
    known = spoken(ours) | spoken(upstream("django", "contrib/admin/locale/kk/LC_MESSAGES/djangojs.po"))
    assert [entry.msgid for entry in original if (entry.msgctxt, entry.msgid) not in known] == []


def test_what_allauth_shows_is_said_in_kazakh(kazakh: set[Message]) -> None:
    shown = [
        entry
        for entry in upstream("allauth", "locale/ru/LC_MESSAGES/django.po")
        if any(ALLAUTH.fullmatch(source) and not (BASE / source).exists() for source, _ in entry.occurrences)
    ]
    assert len(shown) > 100
    assert [entry.msgid for entry in shown if (entry.msgctxt, entry.msgid) not in kazakh] == []


@pytest.fixture
def compiled(tmp_path: Path) -> list[str]:
    copy = shutil.copytree(LOCALE, tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    compile_stale(copy)
    return [str(copy), str(copy / "upstream")]


@pytest.mark.parametrize(
    ("msgid", "kazakh", "russian"),
    [
        ("Password", "Құпиясөз", "Пароль"),  # ours; upstream may say it otherwise
        ("Home", "Басты бет", "Главная"),  # Django: «Негізгі», «Начало»
        ("Two-Factor Authentication", "Кірудің екінші қадамы", "Второй шаг при входе"),  # upstream
        ("January", "Қаңтар", "Январь"),  # Django's own
    ],
)
def test_our_words_win_over_upstreams_and_upstreams_over_djangos(
    msgid: str, kazakh: str, russian: str, compiled: list[str], settings: LazySettings
) -> None:
    settings.LOCALE_PATHS = compiled
    assert DjangoTranslation("kk").gettext(msgid) == kazakh
    assert DjangoTranslation("ru").gettext(msgid) == russian


def test_ours_stand_first() -> None:
    assert [Path(path) for path in settings.LOCALE_PATHS] == [LOCALE, LOCALE / "upstream"]


# ── The audit trail ──────────────────────────────────────────────────────────
APPS = ("portal", "activation", "policies", "accounts", "notices", "core")


def test_every_act_of_the_audit_trail_is_marked_for_the_catalogues() -> None:
    sources = [path for app in APPS for path in (BASE / app).rglob("*.py")]
    assert [path for path in sources if re.search(r"audit\.record\(\s*[\"']", path.read_text())] == []


# ── Registers ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_report_of_refused_rows_can_be_uploaded_again(language: str) -> None:
    """Its header is in the reader's language, and the reading of registers knows every name in it."""
    said = {} if language == "en" else {entry.msgid: entry.msgstr for entry in catalogue(language)}
    with override("en"):
        header = understand([said.get(str(column.label), str(column.label)) for column in Column])
    assert list(header.places) == list(Column)
    assert header.unknown == header.twice == []


# ── Scripts ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("script", sorted((BASE / "static/js").glob("*.js")), ids=lambda path: path.name)
def test_a_script_has_no_words_of_its_own(script: Path) -> None:
    code = re.sub(r"//.*|/\*[\s\S]*?\*/", "", script.read_text())
    literals = re.findall(r'"([^"\n]*)"', code)
    assert [text for text in literals if re.search(r"[^\x00-\x7f]|[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}", text)] == []
    assert "gettext" not in code
