"""A worker's round: take a file, ask the antivirus, have it inspected, keep the clean copy, decide once.

A worker takes a file by moving its next try: that is the lease. While it works nothing is locked; whoever decides first
decides, and a copy lies where the other's would. So a worker may die anywhere.
"""

import logging
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.db import transaction

from core.models import Upload
from core.uploads import antivirus
from core.uploads.inspection import Kind, Refusal, Refused
from core.uploads.inspector import inspected
from core.uploads.rules import LEASE, MOST_TRIES, PAUSE, Event, State
from core.uploads.services import locked_upload, move

logger = logging.getLogger(__name__)


def check_next_upload(*, now: datetime) -> bool:
    """The one that waits longest; False: none is due. Begin outside any transaction."""
    upload = _claim(now)
    if upload is None:
        return False
    try:
        _check(upload, now)
    except Refused as refused:
        _refuse(upload, refused.refusal, now)
    except Exception as error:  # the antivirus or the disk, nothing of the file's own: it holds up nobody
        logger.error("Upload %s waits: %s", upload.public_id, type(error).__name__)
        _wait(upload, now)
    return True


@transaction.atomic
def _claim(now: datetime) -> Upload | None:
    upload = Upload.objects.to_check(now=now).select_for_update(skip_locked=True, of=("self",)).first()
    if upload:
        upload.tries += 1
        upload.next_try_at = now + LEASE
        upload.save(update_fields=["tries", "next_try_at"])
    return upload


def _check(upload: Upload, now: datetime) -> None:
    """Raise Refused, Unreachable where the antivirus is away, NotSaved where the disk is full."""
    if upload.tries > MOST_TRIES:
        raise Refused(Refusal.FAILED)
    with upload.original.open("rb") as original:
        if not antivirus.check(original):
            raise Refused(Refusal.INFECTED)
        original.seek(0)
        with inspected(original) as (kind, copy):
            _keep(upload, kind, copy, now)


def _keep(upload: Upload, kind: Kind, copy: Path, now: datetime) -> None:
    with copy.open("rb") as file:
        upload.derivative.save("", File(file), save=False)
    if _pass(upload, kind, copy.stat().st_size, now) != State.CLEAN:
        upload.derivative.delete(save=False)


@transaction.atomic
def _pass(upload: Upload, kind: Kind, size: int, now: datetime) -> str:
    """The state it has now: another worker may have decided, or the sender have taken it back."""
    locked = locked_upload(upload)
    if locked.state == State.QUARANTINED:
        locked.derivative, locked.kind, locked.derivative_size = upload.derivative.name, kind, size
        locked.decided_at = now
        move(locked, Event.PASS, by=None, now=now)
    return locked.state


@transaction.atomic
def _refuse(upload: Upload, refusal: Refusal, now: datetime) -> None:
    """What was refused is needed by nobody: its original goes when its week is over."""
    locked = locked_upload(upload)
    if locked.state != State.QUARANTINED:
        return
    locked.refusal, locked.decided_at, locked.kept_at = refusal, now, None
    move(locked, Event.REFUSE, by=None, now=now, reason=refusal)


def _wait(upload: Upload, now: datetime) -> None:
    """Given back: only a worker that died over it counts as a try."""
    Upload.objects.filter(pk=upload.pk).update(tries=upload.tries - 1, next_try_at=now + PAUSE)
