"""Somebody who sends files for one thing, and the disk they come to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from core.models import Upload
from core.uploads.checking import check_next_upload
from core.uploads.rules import Collection
from core.uploads.services import accept_upload
from tests.core.uploads.pictures import jpeg

NOON = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
LATER = NOON + timedelta(seconds=3)
TALK = Collection("nsk", "test.talk:1")
PHOTO = jpeg()


@dataclass(frozen=True)
class Disk:
    folder: Path

    def files(self, place: str) -> list[Path]:
        return sorted(path for path in (self.folder / place).rglob("*") if path.is_file())

    @property
    def originals(self) -> list[Path]:
        return self.files("originals")

    @property
    def derivatives(self) -> list[Path]:
        return self.files("derivatives")


def sent(
    by: User | None, content: bytes = PHOTO, name: str = "IMG_2041.JPG", *, into: Collection = TALK, **facts: Any
) -> Upload:
    return accept_upload(file=SimpleUploadedFile(name, content), into=into, by=by, **{"now": NOON, **facts})


def checked(upload: Upload, *, now: datetime = LATER) -> Upload:
    """After a worker's round."""
    assert check_next_upload(now=now)
    upload.refresh_from_db()
    return upload
