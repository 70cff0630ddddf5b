"""What the list of files draws (templates/components/file_list.html): names, states, addresses of the app above."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from core.models import Upload
from core.uploads.queries import uploads_of
from core.uploads.rules import MOST_BYTES, Collection, State

Address = Callable[[UUID], str]  # of one file, by its public_id

TAGS = {State.QUARANTINED: "wait", State.CLEAN: "ok", State.REFUSED: "err"}  # core.templatetags.components.tag


@dataclass(frozen=True)
class FileRow:
    upload: Upload
    tag: str
    href: str  # where it is opened; nothing before it is accepted
    removal: str  # where its sender takes it back; nothing once it is attached


@dataclass(frozen=True)
class FileList:
    rows: list[FileRow]
    address: str  # GET draws the list alone, POST takes one more file; without it nothing renews itself
    stream: str  # under /live/, while something is being checked
    mark: str
    most_bytes: int = MOST_BYTES


def file_list(
    collection: Collection, *, file: Address, address: str = "", stream: str = "", removal: Address | None = None
) -> FileList:
    """One query. The addresses are of views that ask for permission themselves."""
    return listed(uploads_of(collection), file=file, address=address, stream=stream, removal=removal)


def listed(
    uploads: list[Upload], *, file: Address, address: str = "", stream: str = "", removal: Address | None = None
) -> FileList:
    rows = [
        FileRow(
            upload=upload,
            tag=TAGS[State(upload.state)],
            href=file(upload.public_id) if upload.state == State.CLEAN else "",
            removal=removal(upload.public_id) if removal and not upload.kept_at else "",
        )
        for upload in uploads
    ]
    waits = any(upload.state == State.QUARANTINED for upload in uploads)
    return FileList(rows, address, stream if waits and settings.LIVE else "", mark_of(uploads))


def mark_of(uploads: list[Upload]) -> str:
    """How the list stands, in short: another mark is another list."""
    return "-".join(f"{upload.pk}{upload.state[0]}" for upload in uploads)
