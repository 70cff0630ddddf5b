"""A file that somebody sent becomes a part of the consultation."""

from datetime import datetime

from django.db import transaction

from core.live import announce
from core.uploads.queries import uploads_of
from core.uploads.rules import LIVING
from core.uploads.services import attach_uploads
from telemed.models import Consultation, Message
from telemed.rules import OPEN_TO_MESSAGES, Side, WrongMoment
from telemed.services.life import lock


@transaction.atomic
def say_files(*, consultation: Consultation, now: datetime) -> None:
    """TM-33: what was sent since, each file as a message of its sender. Twice is once. Raise WrongMoment: nobody reads
    messages any more, and what nobody attached is deleted one day."""
    open_to = lock(consultation)
    if open_to.state not in OPEN_TO_MESSAGES:
        raise WrongMoment(f"a file in a consultation that is {open_to.state}")
    for upload in uploads_of(open_to.files):
        if (sender := upload.owner) and upload.kept_at is None and upload.state in LIVING:
            is_doctors = open_to.doctor is not None and sender.pk == open_to.doctor.user_id
            Message.objects.create(
                consultation=open_to, key=upload.public_id, side=Side.DOCTOR if is_doctors else Side.PATIENT,
                by=sender, upload=upload, at=now,
            )  # fmt: skip
    if attach_uploads(into=open_to.files, now=now):
        announce(str(open_to.public_id))
