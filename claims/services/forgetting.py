"""The papers of a claim are taken away when nothing has happened to it for as many years as the operator has set.

Gone are the documents, the application, accounts, all PDF, and what the notice told of people. What may only grow
stays as evidence: history, decisions with their derivations, letters as they were sent, orders to the bank, the audit trail.
"""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from claims.models import (
    AccountRequest,
    Application,
    BankLink,
    Claim,
    LetterPaper,
    OmbudsmanPack,
    Page,
    RequestPaper,
    Step,
)
from claims.rules.retention import kept_since
from claims.services.life import locked
from core import audit
from core.uploads.rules import LIVING
from core.uploads.services import release_upload, withdraw_upload

TOLD = (
    "place", "story", "told_surname", "told_given_name", "told_patronymic", "told_iin", "told_policy", "claimant_name",
    "phone", "email",
)  # fmt: skip


def forget_next(*, now: datetime) -> bool:
    """One claim whose time is over; False: there is none, or the operator has set no term."""
    if not settings.CLAIMS_KEPT_YEARS:
        return False
    since = kept_since(now.date(), settings.CLAIMS_KEPT_YEARS)
    later = Step.objects.filter(claim=OuterRef("pk"), on__gte=since)
    over = Claim.objects.filter(is_open=False, forgotten_at=None, notified_on__lt=since).exclude(Exists(later))
    claim = over.order_by("notified_on", "pk").first()
    if claim is None:
        return False
    _forget(claim, now)
    return True


@transaction.atomic
def _forget(claim: Claim, now: datetime) -> None:
    claim = locked(claim)
    if claim.is_open or claim.forgotten_at:  # meanwhile somebody reopened it, or another worker was first
        return
    files = _let_files_go(claim, now)
    _drop_papers(claim)
    Application.objects.filter(claim=claim).delete()
    AccountRequest.objects.filter(claim=claim).delete()
    BankLink.objects.filter(item__claim=claim).delete()
    claim.payees.update(name="", iin="", iban="")
    claim.examinations.update(result="")
    for name in TOLD:
        setattr(claim, name, "")
    claim.told_born_on, claim.forgotten_at = None, now
    claim.save()
    audit.record(gettext_noop("forgot the papers of a claim"), on=claim, by=None, scope=claim.insurer.slug, files=files)


def _let_files_go(claim: Claim, now: datetime) -> int:
    """Withdrawn: the files themselves go with the next round of core.uploads. How many."""
    pages = list(Page.objects.filter(item__claim=claim).select_related("upload"))
    for page in pages:
        page.delete()
        if page.upload.state in LIVING:
            release_upload(upload=page.upload)
            withdraw_upload(upload=page.upload, by=None, now=now)
    return len(pages)


def _drop_papers(claim: Claim) -> None:
    """The file goes when the row is gone for good: a kill between leaves a file that no row names, never a row without one."""
    letters = LetterPaper.objects.filter(letter__claim=claim)
    requests = RequestPaper.objects.filter(suspension__review__claim=claim)
    packs = OmbudsmanPack.objects.filter(objection__claim=claim)
    for paper in [*letters, *requests, *packs]:
        storage, name = paper.file.storage, paper.file.name
        paper.delete()
        if name:
            transaction.on_commit(partial(storage.delete, name))
