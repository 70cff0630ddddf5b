from celery import shared_task
from django.utils import timezone

from core import form_tokens, limits
from core.rows.viewers import working
from core.uploads import services as uploads
from core.uploads.checking import check_next_upload
from core.uploads.rules import JOB

UPLOADS_A_ROUND = 10


@shared_task
def prune_limits() -> None:
    """Delete counters whose window is over, those of IDs that nobody has among them."""
    limits.prune(timezone.now())


@shared_task
def prune_sent_forms() -> None:
    """Delete the answers of forms whose tokens have run out."""
    form_tokens.prune(timezone.now())


@shared_task
@working(JOB)
def check_uploads() -> None:
    """Look through what people sent, the longest waiting first. A few at a time: documents and registers wait as well."""
    for _ in range(UPLOADS_A_ROUND):
        if not check_next_upload(now=timezone.now()):
            return


@shared_task
@working(JOB)
def forget_uploads() -> None:
    """Delete the files that nobody attached to anything."""
    uploads.forget_uploads(now=timezone.now())
