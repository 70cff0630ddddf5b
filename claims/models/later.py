"""What comes again while instalments are paid: a re-certification (7.7), the insurer's yearly examination (11.1(4))."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.documents import Certificate
from claims.models.reviews import Review
from claims.rules.life import JOB
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
    result = models.TextField(_("result"), max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("medical examination")
        verbose_name_plural = _("medical examinations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(planned_on__gte=F("asked_on")), name="examination_planned_after"),
            Wall(name="examination_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.planned_on:%d.%m.%Y}"
