"""Whom somebody may let see and act for whom, and how long an invitation to it lives. No clock."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from policies.rules.policies import AccessKind, AccessScope

INVITED = "invitation"  # the proof of an access that was given by invitation
LIFE = timedelta(days=7)
INVITATIONS_A_DAY = 5  # by one account
INVITATIONS_TO_ADDRESS = 3  # a day, by whomever: nobody's mailbox is flooded through us
DAY = timedelta(days=1)


class InvitationState(TextChoices):
    """Whoever finds it WAITING decides what becomes of it; nothing comes after that but the end of the access."""

    WAITING = "waiting", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


def invited_as(kind: AccessKind, scope: AccessScope, *, is_adult: bool) -> AccessKind | None:
    """What whoever has this access may make somebody else for the same person; None: nothing.

    Adults open their own affairs, guardians their child's to a second guardian. A representative passes nothing on, and
    whom the insurer has not confirmed yet (a limited access) has nothing to pass on.
    """
    if scope != AccessScope.FULL:
        return None
    if kind == AccessKind.SELF and is_adult:
        return AccessKind.REPRESENTATIVE
    return AccessKind.GUARDIAN if kind == AccessKind.GUARDIAN and not is_adult else None
