"""Compiles locale/**/*.po where the .mo is older or missing. A bare machine has no msgfmt, polib needs none."""

from pathlib import Path

import polib

from dev.places import LOCALE


def compile_stale(locale: Path = LOCALE) -> list[Path]:
    """The catalogues that were compiled."""
    compiled = []
    for source in sorted(locale.rglob("*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            polib.pofile(str(source)).save_as_mofile(str(target))
            compiled.append(target)
    return compiled
