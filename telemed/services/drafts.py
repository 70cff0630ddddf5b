"""A request that was sent when the session had ended waits for its owner to sign in again."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Any

from cryptography.fernet import InvalidToken

from accounts.models import User
from core import sealing
from telemed.models import RequestDraft
from telemed.rules import DRAFT_LIFE

DRAFTS = "telemed.drafts"
MOST = 20_000  # characters: all of the form's fields together are shorter


def keep_draft(*, user: User, answers: dict[str, Any], now: datetime) -> None:
    """The last one counts. What no form of ours could have sent is not kept."""
    text = json.dumps(answers, ensure_ascii=False)
    if len(text) <= MOST:
        facts = {"answers": sealing.seal(text, purpose=DRAFTS), "saved_at": now}
        RequestDraft.objects.update_or_create(user=user, defaults=facts)


def draft_of(user: User, *, now: datetime) -> dict[str, Any]:
    """Nothing where there is none, where it is too old, or where its key has gone. One query."""
    draft = RequestDraft.objects.filter(user=user, saved_at__gt=now - DRAFT_LIFE).first()
    answers: dict[str, Any] = {}
    if draft:
        with suppress(InvalidToken):
            answers = json.loads(sealing.unseal(draft.answers, purpose=DRAFTS))
    return answers


def forget_draft(*, user: User) -> None:
    RequestDraft.objects.filter(user=user).delete()


def forget_old_drafts(*, now: datetime) -> int:
    """How many."""
    forgotten, _rows = RequestDraft.objects.filter(saved_at__lte=now - DRAFT_LIFE).delete()
    return forgotten
