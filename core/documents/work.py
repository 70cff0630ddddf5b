"""How a worker makes what was wanted: takes a row by moving its next try, draws while nothing is locked, keeps the file only
with its row. So a worker may die anywhere, and nothing is given up: a document that cannot be made is our fault."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models.fields.files import FieldFile

# A claim moves the next try by its pause, so the pause is also the lease: longer than a document takes by far.
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)

Row = TypeVar("Row", bound=Any)  # a model with `tries` and `next_try_at`


def pause_after(tries: int) -> timedelta:
    """`tries` includes the one that begins now: 1, 2, 4 … 60 minutes."""
    return min(FIRST_PAUSE * 2 ** min(tries - 1, 6), LONGEST_PAUSE)


@transaction.atomic
def take_next(waiting: "models.QuerySet[Row]", *, now: datetime) -> Row | None:
    """The longest due first; None: none is due. Begin outside any transaction."""
    due = waiting.filter(next_try_at__lte=now).order_by("next_try_at", "pk")
    row = due.select_for_update(of=["self"], skip_locked=True).first()
    if row:
        row.tries += 1
        row.next_try_at = now + pause_after(row.tries)
        row.save(update_fields=["tries", "next_try_at"])
    return row


def keep(file: FieldFile, content: bytes, write: Callable[[], object]) -> None:
    """The file, and by `write` its row: no row, no file. Raise NotSaved and whatever `write` raises."""
    file.save("", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            write()
    except BaseException:
        file.delete(save=False)
        raise
