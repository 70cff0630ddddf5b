"""What happens to a sent file but its check (core.uploads.checking): it comes, is attached, taken back, forgotten."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Sum

from core import limits
from core.file_names import sent_file_name
from core.limits import Allowance
from core.live import announce
from core.models import Upload, UploadStep
from core.uploads.inspection import Refusal
from core.uploads.rules import (
    LIVING,
    MOST_A_DAY,
    Collection,
    Event,
    State,
    WrongMoment,
    check_room,
    check_size,
    next_state,
    too_often,
)
from core.whole_files import digest_of

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # the stubs' name for AUTH_USER_MODEL

logger = logging.getLogger(__name__)

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%s::text[]) AS key"


# ── Coming ───────────────────────────────────────────────────────────────────
def accept_upload(
    *, file: UploadedFile, into: Collection, by: "User | None", now: datetime, guest: UUID | None = None
) -> Upload:
    """Keep the file as it came; a worker checks it within seconds, and until then nobody gets it.

    Whoever sends has an account (`by`) or an access without one (`guest`, its public_id). The same bytes in the same
    collection are the same upload, so a network that tried twice sends once. Raise InputError, in words for the sender,
    or NotSaved where there is no room on the disk: nothing was kept.
    """
    size = file.size or 0
    check_size(size)
    whose = f"uploads:{by.pk if by else guest}"
    if limits.spend(Allowance(f"{whose}:day", MOST_A_DAY, timedelta(days=1)), now=now).exhausted:
        raise too_often()
    upload = Upload(
        scope=into.scope, collection=into.key, owner=by, guest=guest, name=sent_file_name(file.name or ""),
        size=size, sha256=digest_of(file), received_at=now, next_try_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            _one_at_a_time(whose, into.topic)
            if twin := Upload.objects.of(into).living().filter(sha256=upload.sha256).first():
                return twin
            _check_room(upload, into)
            upload.original.save("", file, save=False)
            upload.save()
            _step(Event.RECEIVE, upload, by=by, now=now)
    except BaseException:
        upload.original.delete(save=False)  # no row, no file
        raise
    return upload


def _one_at_a_time(*keys: str) -> None:
    """Until the commit nobody else sends into this collection, nor this owner anywhere: what is counted stays true."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sorted(keys)])  # in one order, so that two never wait for each other


def _check_room(upload: Upload, into: Collection) -> None:
    check_room(
        size=upload.size,
        files=Upload.objects.of(into).living().count(),
        most_files=into.most_files,
        owners_bytes=_bytes_of_owner(upload),
    )


def _bytes_of_owner(upload: Upload) -> int:
    """Staff send to many people for years: theirs are bounded by the day and the collection alone."""
    if upload.owner and upload.owner.is_staff:
        return 0
    of_owner = Upload.objects.shown().filter(owner=upload.owner, guest=upload.guest)
    kept: int = of_owner.aggregate(bytes=Sum("size", default=0))["bytes"]
    return kept


# ── Staying or going ─────────────────────────────────────────────────────────
def attach_uploads(*, into: Collection, now: datetime) -> int:
    """In the caller's transaction: what lies in the collection is needed from now on. How many were not yet.

    Call it when what they were sent for exists, and again whenever more came.
    """
    return Upload.objects.of(into).living().filter(kept_at=None).update(kept_at=now)


def hand_over_uploads(*, of: Collection, into: Collection, now: datetime) -> None:
    """In the caller's transaction, which makes what `into` belongs to: whatever was sent before it existed lies there from
    now on, attached. What is there already does not come twice. The files stay where they are on the disk."""
    _one_at_a_time(of.topic, into.topic)
    there = Upload.objects.of(into).living().values("sha256")
    coming = Upload.objects.of(of).exclude(state__in=LIVING, sha256__in=there)
    coming.shown().update(scope=into.scope, collection=into.key)
    attach_uploads(into=into, now=now)


def release_upload(*, upload: Upload) -> None:
    """In the caller's transaction: what it was attached to lets it go, so its sender may take it back."""
    Upload.objects.filter(pk=upload.pk).update(kept_at=None)


@transaction.atomic
def withdraw_upload(*, upload: Upload, by: "User | None", now: datetime) -> None:
    """Its sender takes it back. Raise WrongMoment where it is attached, or gone already."""
    locked = locked_upload(upload)
    if locked.kept_at:
        raise WrongMoment("attached")
    move(locked, Event.WITHDRAW, by=by, now=now)


def forget_uploads(*, now: datetime) -> int:
    """Delete what nobody attached in time, and the files of what was taken back. How many."""
    return sum(_forget(pk, now) for pk in list(Upload.objects.to_forget(now=now).values_list("pk", flat=True)))


@transaction.atomic
def _forget(pk: int, now: datetime) -> bool:
    """The files go before the commit: if it fails, the row is due again and finds nothing more to delete."""
    rows = Upload.objects.to_forget(now=now).select_for_update(skip_locked=True, of=("self",))
    upload = rows.filter(pk=pk).first()
    if upload is None:
        return False
    try:
        upload.derivative.storage.delete(str(upload.original.name))  # also what a killed worker left there
        upload.original.delete(save=False)
    except OSError as error:  # due again; holds up nobody
        logger.error("Upload %s cannot be deleted: %s", upload.public_id, error.strerror)
        return False
    upload.derivative = upload.name = ""
    if upload.state == State.FORGOTTEN:
        upload.save()
    else:
        move(upload, Event.EXPIRE, by=None, now=now)
    return True


# ── State ────────────────────────────────────────────────────────────────────
def locked_upload(upload: Upload) -> Upload:
    return Upload.objects.select_for_update(of=("self",), no_key=True).get(pk=upload.pk)


def move(upload: Upload, event: Event, *, by: "User | None", now: datetime, reason: Refusal | None = None) -> None:
    """The one place that changes an upload's state: the state, its history row, and whoever watches is told."""
    upload.state = next_state(State(upload.state), event)
    upload.save()
    _step(event, upload, by=by, now=now, reason=reason)


def _step(event: Event, upload: Upload, *, by: "User | None", now: datetime, reason: Refusal | None = None) -> None:
    UploadStep.objects.create(upload=upload, event=event, at=now, by=by, reason=reason or "")
    announce(upload.topic)
