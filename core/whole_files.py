"""Files that are on the disk whole, or not at all."""

import hashlib
import logging
import os
import uuid
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

logger = logging.getLogger(__name__)


class NotSaved(Exception):
    """The disk is full or cannot be written. Nothing was kept; the log has the reason."""


def originals() -> Storage:
    """What came as it came, and what was made once: evidence, never changed."""
    return storages["originals"]


def derivatives() -> Storage:
    """What is shown instead of a stranger's original (core.uploads)."""
    return storages["derivatives"]


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 of the whole; the file is at its beginning again."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
    file.seek(0)
    return digest.hexdigest()


class WholeFileStorage(FileSystemStorage):
    """Django's own leaves what it had written when the disk was full, under the file's name. A reader must never see that.

    Whoever saves chooses a name of its own for every file: an existing one is replaced.
    """

    def _save(self, name: str, content: File) -> str:
        """Aside, onto the disk, then under its name: a power cut leaves the one or the other. Raise NotSaved."""
        whole = Path(self.path(name))
        aside = whole.with_name(f".{uuid.uuid4()}")
        try:
            whole.parent.mkdir(parents=True, exist_ok=True)
            self._write(aside, content)
            aside.replace(whole)
            _onto_the_disk(whole.parent)
        except OSError as error:
            logger.error("A file could not be saved: %s", error.strerror)
            raise NotSaved from error
        finally:
            with suppress(OSError):
                aside.unlink()
        return name

    def _write(self, path: Path, content: File) -> None:
        with path.open("xb") as file:
            for chunk in content.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if self.file_permissions_mode is not None:
            path.chmod(self.file_permissions_mode)


def _onto_the_disk(folder: Path) -> None:
    """A renamed file survives a power cut once its folder is written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
