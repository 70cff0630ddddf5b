"""What comes while instalments are paid: a re-certification (7.7), the insurer's yearly examination (11.1(4)), the end of
the disability (7.11)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.documents import Certificate, Item
from claims.models.proposals import Proposal
from claims.models.reviews import Review
from claims.models.walls import CLAIMANTS, HANDLERS
from claims.rules.examinations import Finding
from claims.rules.life import JOB, UNDECIDED, DecisionState
from core.rows.walls import Through, Wall


class Recertification(models.Model):
    """Asked for before the last day of the established term; answered by a certificate, which begins a review."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="recertifications")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term_until = models.DateField()  # the last day that the earlier decision pays for
    told_on = models.DateField(null=True, blank=True)  # nobody was asked: it came by itself
    received_on = models.DateField(null=True, blank=True)
    certificate = models.OneToOneField(
        Certificate, models.PROTECT, null=True, blank=True, related_name="recertification"
    )
    review = models.OneToOneField(Review, models.PROTECT, null=True, blank=True, related_name="recertification")

    class Meta:
        verbose_name = _("re-certification")
        verbose_name_plural = _("re-certifications")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "term_until"], name="recertification_once_a_term"),
            models.CheckConstraint(
                condition=Q(received_on=None, review=None) | Q(received_on__isnull=False, certificate__isnull=False),
                name="recertification_by_a_certificate",
            ),
            Wall(name="recertification_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.term_until:%d.%m.%Y}"


class Examination(models.Model):
    """At the insurer's cost, not more than once a year."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="examinations")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.CharField(_("medical institution"), max_length=200)
    asked_on = models.DateField()
    planned_on = models.DateField(_("planned for"))
    done_on = models.DateField(null=True, blank=True)
    finding = models.CharField(_("finding"), max_length=9, choices=Finding.choices, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("medical examination")
        verbose_name_plural = _("medical examinations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(planned_on__gte=F("asked_on")), name="examination_planned_after"),
            models.CheckConstraint(
                condition=Q(done_on=None, finding="") | Q(done_on__isnull=False) & ~Q(finding=""),
                name="examination_done_with_its_finding",
            ),
            Wall(name="examination_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.planned_on:%d.%m.%Y}"


class Stop(Proposal):
    """7.11: the insured person was rehabilitated, the disability ceased. What falls due after that day is not paid."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="stops")
    ceased_on = models.DateField(_("disability ceased on"))
    evidence = models.TextField(_("what shows it"), max_length=2000)
    evidence_item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("end of payouts")
        verbose_name_plural = _("ends of payouts")
        ordering = ["pk"]
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(fields=["claim"], condition=Q(state__in=UNDECIDED), name="stop_waits_once_a_claim"),
            models.CheckConstraint(condition=~Q(evidence=""), name="stop_is_proved"),
            Wall(
                name="stop_wall",
                seen_by=[
                    Through("claim", HANDLERS),
                    Through("claim", CLAIMANTS, only=Q(state=DecisionState.APPROVED)),
                ],
                jobs=[JOB],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ceased_on:%d.%m.%Y}"
