"""What one proposes and another one approves beside the decision itself: a penalty, an end of the payouts."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.rules.life import UNDECIDED, DecisionState

User = settings.AUTH_USER_MODEL


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def waiting(self) -> "ProposalQuerySet":
        return self.filter(state__in=UNDECIDED)


class Proposal(models.Model):
    """Its life is that of a decision that takes one approver. Two different people: a constraint, not good will."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=DecisionState.choices, default=DecisionState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.TextField(_("reason"), max_length=1000, blank=True)  # returned, taken back

    objects = ProposalQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="%(class)s_of_different_people"
            ),
            models.CheckConstraint(
                condition=Q(state=DecisionState.APPROVED, approved_by__isnull=False, approved_at__isnull=False)
                | ~Q(state=DecisionState.APPROVED) & Q(approved_by=None, approved_at=None),
                name="%(class)s_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.RETURNED) | ~Q(ended_why=""), name="%(class)s_returned_for_a_reason"
            ),
        ]
