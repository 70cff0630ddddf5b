"""Starts the process that decodes (core.uploads.inspection), waits for its word, and wipes whatever it left."""

import logging
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import IO

from django.conf import settings

from core.uploads.inspection import Kind, Refusal, Refused

PREFIX = "portal-inspection-"
LONGEST = 180.0  # seconds; the limit of CPU is stricter, unless the machine has no time for it
LONGEST_WORD = 32  # bytes
LEFT_BEHIND_AFTER = 600.0  # seconds: no inspection lasts so long, so its worker was killed

logger = logging.getLogger(__name__)


@contextmanager
def inspected(original: IO[bytes]) -> Iterator[tuple[Kind, Path]]:
    """The clean copy, there while the `with` lasts. Raise Refused, also where the process broke over the file."""
    _wipe_what_was_left()
    with TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        sent, copy = folder / "sent", folder / "copy"
        with sent.open("wb") as file:
            shutil.copyfileobj(original, file)
        yield _kind_of(_word_about(sent, copy, folder)), copy


def _word_about(sent: Path, copy: Path, folder: Path) -> str:
    """Nothing where the process did not end well: a limit, a fault in a decoder, too long."""
    command = [sys.executable, "-m", "core.uploads.inspection", str(copy)]
    # No environment of ours: whoever takes a decoder over finds neither the database's address nor a key in it.
    environment = {"TMPDIR": str(folder), "HOME": str(folder), "LANG": "C.UTF-8"}
    said = folder / "said"  # a file, which its limits bind; a pipe could be filled without end
    try:
        with sent.open("rb") as source, said.open("wb") as word:
            ended = subprocess.run(
                command, stdin=source, stdout=word, stderr=subprocess.DEVNULL, env=environment, cwd=settings.BASE_DIR,
                timeout=LONGEST, check=False,
            )  # fmt: skip
    except subprocess.TimeoutExpired:
        logger.warning("An inspection lasted longer than %d seconds", LONGEST)
        return ""
    if ended.returncode:
        logger.warning("An inspection ended with %d", ended.returncode)
        return ""
    with said.open("rb") as word:
        return word.read(LONGEST_WORD).decode("ascii", errors="replace")


def _kind_of(word: str) -> Kind:
    """Raise Refused."""
    with suppress(ValueError):
        return Kind(word)
    try:
        raise Refused(Refusal(word))
    except ValueError:
        raise Refused(Refusal.FAILED) from None


def _wipe_what_was_left() -> None:
    """By workers that were killed: people's papers must not lie there until the machine starts anew."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > LEFT_BEHIND_AFTER:
                shutil.rmtree(folder)
