"""The files of a collection, as its list shows them."""

from uuid import UUID

from core.models import Upload
from core.rows.viewers import working
from core.uploads.rules import JOB, Collection, State


def uploads_of(collection: Collection) -> list[Upload]:
    """In the order in which they came, the refused among them. One query."""
    return list(Upload.objects.of(collection).shown().order_by("pk"))


def upload_of(collection: Collection, public_id: UUID) -> Upload | None:
    """None where the collection has no such file, or has it no more. One query."""
    return Upload.objects.of(collection).shown().filter(public_id=public_id).first()


@working(JOB)
def uploads_to_check() -> int:
    """How many wait for a worker, its antivirus or its disk. One query along the partial index of those."""
    return Upload.objects.filter(state=State.QUARANTINED).count()
