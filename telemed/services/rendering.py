"""What counts as rendered is written into the ledger of the policy that covers it (NL-7.12)."""

from datetime import datetime

from policies.rules import Rendering
from policies.services.consultations import record_rendered
from telemed.models import Consultation


def render_consultation(consultation: Consultation, how: Rendering, *, now: datetime) -> None:
    """In the caller's transaction, before its `move` saves the row: from now on the term of claims runs. What somebody
    pays for by themselves takes nothing from a sum insured."""
    consultation.rendered_at, consultation.rendered_as = now, how
    if consultation.policy:
        record_rendered(
            person=consultation.patient, policy=consultation.policy, reference=consultation.public_id, how=how,
            rendered_on=consultation.insurer.today(now), now=now,
        )  # fmt: skip
