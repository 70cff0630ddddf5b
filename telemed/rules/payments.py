"""What somebody paid for nothing is theirs again (TM-18, TM-40). Facts in, answers out."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from telemed.rules.life import PAID_FOR_NOTHING, State


class OwedFor(TextChoices):
    """Why, in the order of the states that it comes from."""

    CANCELLED = State.CANCELLED.value, _("called off before a doctor talked")  # TM-40: in time, or by a failure of ours
    UPHELD = State.UPHELD.value, _("a quality claim was upheld")  # TM-18: it does not count as rendered


def owed_for(state: State, *, is_paid: bool) -> OwedFor | None:
    """None: nothing is owed. What was called off too late counts as rendered and stays paid (TM-41)."""
    return OwedFor(state.value) if is_paid and state in PAID_FOR_NOTHING else None


def may_be_paid_on(day: date, *, owed_since: date, today: date) -> bool:
    """The day of the bank's payment: no earlier than it was owed, and none that is still to come."""
    return owed_since <= day <= today
