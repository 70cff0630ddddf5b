"""Everything of one's own case as a file: what was told and done as JSON, letters as they were sent, the documents."""

import json
import tempfile
import zipfile
from datetime import datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_noop

from claims.models import Claim, Item, Page
from core import audit
from core.uploads.rules import State

IN_MEMORY = 4 * 1024 * 1024  # bytes; what is larger lies on the disk while it is sent
TOLD = (
    "event", "event_on", "country", "place", "story", "told_surname", "told_given_name", "told_patronymic", "told_born_on",
    "told_iin", "told_policy", "role", "claimant_name", "phone", "email", "language", "notified_at", "state",
)  # fmt: skip


def exported(*, claim: Claim, by: Any, now: datetime) -> IO[bytes]:
    """A ZIP, open at its beginning. That it left the house stands in the audit trail."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  whoever sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("claim.json", json.dumps(facts_of(claim), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        for number, letter in enumerate(claim.letters.all(), 1):
            archive.writestr(f"letters/{number:02}-{letter.kind}.txt", f"{letter.subject}\n\n{letter.body}\n")
        for name, page in pages_of(claim):
            with page.upload.derivative.open("rb") as copy:
                archive.writestr(name, copy.read())
    audit.record(gettext_noop("exported a claim"), on=claim, by=by, scope=claim.insurer.slug, exported_at=f"{now}")
    file.seek(0)
    return file


def facts_of(claim: Claim) -> dict[str, Any]:
    return {
        "number": claim.number_shown,
        "told": {name: getattr(claim, name) for name in TOLD},
        "history": list(claim.steps.values("at", "on", "part", "event", "state", "actor", "reason")),
        "documents": [item_in_words(item) for item in claim.items.all()],
        "application": getattr(claim, "application", None)
        and {name: getattr(claim.application, name) for name in ("address", "phones", "trusted_person", "sent_at")},
        "beneficiaries": list(claim.payees.values("name", "iin", "iban", "numerator", "denominator", "since", "until")),
        "consents": [[str(one.text), one.language, one.at] for one in claim.consents.select_related("text")],
        "earlier_knowledge": list(claim.earlier_knowledge.values("known_on", "source", "evidence", "at")),
        "decisions": list(
            claim.decisions.decided().values(
                "number", "outcome", "amount", "currency", "derivation", "ground", "clause", "evidence", "words", "decided_on"
            )
        ),
        "payments": list(claim.instalments.values("number", "kind", "scheduled_on", "amount", "currency", "state", "paid_on")),
        "objections": list(claim.objections.values("way", "state", "text", "filed_on", "answered_on", "answer")),
        "opened_by": list(claim.openings.values("at", "role", "reason")),
    }  # fmt: skip


def item_in_words(item: Item) -> dict[str, Any]:
    return {
        "document": item.name, "form": item.get_form_display(), "clause": item.clause, "state": item.state,
        "received_on": item.received_on, "why": item.why,
    }  # fmt: skip


def pages_of(claim: Claim) -> list[tuple[str, Page]]:
    """The clean copies, by a name that says of which document."""
    pages = Page.objects.filter(item__claim=claim, upload__state=State.CLEAN).select_related("item", "upload")
    return [
        (f"documents/{page.item.code}/{number:02}-{page.upload.download_name}", page)
        for number, page in enumerate(pages.order_by("pk"), 1)
    ]
