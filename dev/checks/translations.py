"""Every string of the templates and the code is in kk and ru, translated and not fuzzy.

makemessages writes beside the sources it reads, so it works on a copy of the tree.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

from dev.places import LOCALE, PYTHON, ROOT

LANGUAGES = ("kk", "ru")
APPS = ("portal", "claims", "telemed", "activation", "policies", "accounts", "notices", "core")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="portal-messages-") as folder:
        wanted = extracted(Path(folder))
    found = [problem for language in LANGUAGES for problem in problems(language, wanted)]
    print("\n".join(found))
    return len(found)


def extracted(folder: Path) -> polib.POFile:
    """What xgettext finds in a copy without catalogues."""
    for name in (*APPS, "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    shutil.copy(ROOT / "manage.py", folder)
    (folder / "locale").mkdir()
    subprocess.run(
        [PYTHON, "manage.py", "makemessages", "--locale=kk", "--no-location", "--verbosity=0"],
        cwd=folder, env=dict(os.environ), check=True,
    )  # fmt: skip
    return polib.pofile(str(folder / "locale/kk/LC_MESSAGES/django.po"))


def problems(language: str, wanted: polib.POFile) -> Iterator[str]:
    path = LOCALE / language / "LC_MESSAGES/django.po"
    if not path.exists():
        yield f"{path.relative_to(ROOT)} does not exist"
        return
    catalogue = polib.pofile(str(path))
    known = {key(entry): entry for entry in catalogue if not entry.obsolete}
    for entry in wanted:
        translation = known.get(key(entry))
        if translation is None:
            yield f"{language}: missing: {entry.msgid!r}"
        elif "fuzzy" in translation.flags:
            yield f"{language}: fuzzy: {entry.msgid!r}"
        elif not translation.translated():
            yield f"{language}: untranslated: {entry.msgid!r}"


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


if __name__ == "__main__":
    sys.exit(min(main(), 1))
