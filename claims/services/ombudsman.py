"""One file for the ombudsman's office (13.4): the notice to us, our decision as its letter told it, the list of the papers."""

from datetime import datetime
from typing import Any

from django.utils import translation

from claims.models import Claim, Letter, Objection, OmbudsmanPack
from claims.rules.life import ItemState
from claims.services.papers import head_of
from core.dates import long_date

CAME = (ItemState.UPLOADED, ItemState.ORIGINAL_AWAITED, ItemState.ACCEPTED)


def want_pack(objection: Objection, *, now: datetime) -> None:
    """In the caller's transaction: a worker makes it if and when that commits. The case as it is now."""
    OmbudsmanPack.objects.create(objection=objection, facts=facts_of_pack(objection, now=now), next_try_at=now)


def facts_of_pack(objection: Objection, *, now: datetime) -> dict[str, Any]:
    """As the template names them, in the case's language."""
    claim, decision = objection.claim, objection.decision
    with translation.override(claim.language):
        return head_of(claim, claim.language) | {
            "reader": claim.claimant_name,
            "role": claim.get_role_display(),
            "about": claim.about,
            "event": claim.get_event_display(),
            "event_on": claim.event_on.isoformat(),
            "policy": claim.policy.insured_id if claim.policy else claim.told_policy,
            "outcome": decision.get_outcome_display(),
            "decided_on": decision.decided_on.isoformat() if decision.decided_on else "",
            "filed_on": objection.filed_on.isoformat(),
            "text": objection.text,
            "made_on": claim.insurer.today(now).isoformat(),
            "letter": letter_in_words(objection),
            "documents": documents_of(claim),
            "application_at": application_at(claim),
            "letters": [[long_date(claim.insurer.today(one.at)), one.subject] for one in claim.letters.all()],
        }


def letter_in_words(objection: Objection) -> dict[str, str]:
    """As its reader had it; of an objection, the first letter about this decision told it."""
    letter: Letter | None = objection.decision.letters.order_by("pk").first()
    if letter is None:
        return {}
    written = long_date(objection.claim.insurer.today(letter.at))
    return {"subject": letter.subject, "body": letter.body, "written": written}


def documents_of(claim: Claim) -> list[dict[str, str | int]]:
    """Those that came, each with its clause and how many files it has. Two queries."""
    items = claim.items.filter(state__in=CAME).prefetch_related("pages")
    return [
        {
            "name": item.name, "clause": item.clause, "form": item.get_form_display(), "pages": len(item.pages.all()),
            "state": item.get_state_display(), "came": long_date(item.received_on) if item.received_on else "",
        }
        for item in items
    ]  # fmt: skip


def application_at(claim: Claim) -> str:
    application = getattr(claim, "application", None)
    sent_at = application.sent_at if application else None
    return sent_at.astimezone(claim.insurer.zone).isoformat() if sent_at else ""
