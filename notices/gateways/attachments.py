"""What a letter carries, read when the letter leaves: whole and unchanged, or the letter stays."""

import hashlib
from collections.abc import Iterator, Sequence

from django.core.files.storage import storages

from core.calendar_file import appointment
from notices.gateways.base import Refused
from notices.rules import MOST_ATTACHED, Attachment


def contents(attachments: Sequence[Attachment]) -> Iterator[tuple[str, bytes]]:
    """Each one's name and bytes. Raise Refused: without it, or with another in its place, the letter may not leave."""
    storage, room = storages["originals"], MOST_ATTACHED
    for attachment in attachments:
        if attachment.appointment is not None:
            yield attachment.name, appointment(**attachment.appointment)
            continue
        if not storage.exists(attachment.path):
            raise Refused("an attachment is missing")
        room -= storage.size(attachment.path)
        if room < 0:
            raise Refused(f"the attachments are larger than {MOST_ATTACHED} bytes")
        with storage.open(attachment.path) as file:
            content: bytes = file.read()
        if hashlib.sha256(content).hexdigest() != attachment.sha256:
            raise Refused("an attachment is not the file that was attached")
        yield attachment.name, content
