"""Catalogues are compiled without msgfmt, and only when they have changed."""

import gettext
import os
from pathlib import Path

import polib
import pytest

from dev.messages import compile_stale


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "kk/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=1; plural=0;"}
    catalogue.append(polib.POEntry(msgid="Your policy", msgstr="Сіздің полисіңіз"))
    catalogue.append(polib.POEntry(msgid="%d day", msgid_plural="%d days", msgstr_plural={0: "%d күн"}))
    catalogue.save(str(path))
    return path


def test_a_compiled_catalogue_translates_words_and_plurals(source: Path, tmp_path: Path) -> None:
    assert compile_stale(tmp_path) == [source.with_suffix(".mo")]
    kazakh = gettext.translation("django", tmp_path, ["kk"])
    assert kazakh.gettext("Your policy") == "Сіздің полисіңіз"
    assert kazakh.ngettext("%d day", "%d days", 5) == "%d күн"


def test_an_unchanged_catalogue_is_left_alone_and_a_changed_one_is_not(source: Path, tmp_path: Path) -> None:
    (compiled,) = compile_stale(tmp_path)
    assert compile_stale(tmp_path) == []
    later = compiled.stat().st_mtime_ns + 1
    os.utime(source, ns=(later, later))
    assert compile_stale(tmp_path) == [compiled]
