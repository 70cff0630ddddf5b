"""The application: where the claimant lives, who is paid which part into which account, and what they agreed to."""

import uuid
from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.walls import EVERYBODY, NOT_PAYING
from claims.rules.life import JOB
from core.models import AppendOnly
from core.rows.walls import Through, Wall
from policies.models import ConsentText


class Application(models.Model):
    """9.2(1), 9.3. It may be corrected until the decision; each version stays in the history as a step."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="application")
    address = models.CharField(_("home address"), max_length=300)
    phones = models.JSONField(_("telephones"), default=list)  # E.164
    trusted_person = models.CharField(_("trusted person in Kazakhstan"), max_length=300, blank=True)  # 11.4(6)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [Wall(name="application_wall", seen_by=[Through("claim", NOT_PAYING)], jobs=[JOB])]

    def __str__(self) -> str:
        return self.address


class PayeeQuerySet(models.QuerySet["Payee"]):
    def current(self) -> "PayeeQuerySet":
        return self.filter(until=None)


class Payee(models.Model):
    """7.9: a beneficiary, a share as a fraction, an account. Never edited: another row takes its place."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payees")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("beneficiary"), max_length=200)
    iin = models.CharField(_("IIN or BIN"), max_length=12, blank=True)
    iban = models.CharField(_("account (IBAN)"), max_length=20)
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    objects = PayeeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(numerator__gt=0, denominator__gte=F("numerator")), name="payee_has_a_share"
            ),
            Wall(name="payee_wall", seen_by=[Through("claim", EVERYBODY)], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.share}"

    @property
    def share(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)


class Consent(AppendOnly):
    """9.3(1): which text was agreed to, in which language, when and by whom; a guest is named by their access."""

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="consents")
    text = models.ForeignKey(ConsentText, models.DO_NOTHING, related_name="+")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    guest = models.UUIDField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "text"], name="claim_consent_once"),
            Wall(name="claim_consent_wall", seen_by=[Through("claim", NOT_PAYING)], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return str(self.text)
