"""The loan behind the policy, as the case has it: its repayment schedule, and what the bank says was owed on a day."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.documents import Item
from claims.rules.life import JOB
from claims.rules.loan import BankLetter as Facts
from claims.rules.loan import Repayment as Line
from claims.rules.loan import Schedule
from core.money import Money
from core.rows.walls import Through, Wall

User = settings.AUTH_USER_MODEL


class Source(models.TextChoices):
    TYPED = "typed", _("typed")
    FILE = "file", _("from a file")


class LoanSchedule(models.Model):
    """Never edited: a corrected one takes its place, and what was decided keeps its own."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="loan_schedules")
    source = models.CharField(max_length=5, choices=Source.choices)
    file_name = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    contract_number = models.CharField(_("loan contract"), max_length=60, blank=True)
    lender = models.CharField(_("bank"), max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("repayment schedule")
        verbose_name_plural = _("repayment schedules")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(replaced_at=None), name="loan_schedule_in_force_once_a_claim"
            ),
            Wall(name="loan_schedule_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return self.contract_number or str(self.pk)

    @property
    def schedule(self) -> Schedule:
        """One query."""
        return Schedule(tuple(Line(one.due_on, Money(one.principal, self.currency)) for one in self.repayments.all()))


class Repayment(models.Model):
    schedule = models.ForeignKey(LoanSchedule, models.PROTECT, related_name="repayments", db_index=False)
    due_on = models.DateField(_("day of repayment"))
    principal = models.DecimalField(_("principal"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_on"], name="repayment_once_a_day"),
            models.CheckConstraint(condition=Q(principal__gte=0), name="repayment_is_not_negative"),
            Wall(name="repayment_wall", seen_by=[Through("schedule")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%d.%m.%Y}: {self.principal}"


class BankLetter(models.Model):
    """What stands in D1b or I1b. Never edited: a corrected one takes its place."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="bank_letters")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    as_of = models.DateField(_("owed on"))
    debt = models.DecimalField(_("debt"), max_digits=14, decimal_places=2)
    not_principal = models.DecimalField(
        _("of it interest, penalties and fines"), max_digits=14, decimal_places=2, default=0
    )
    currency = models.CharField(max_length=3)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(replaced_at=None), name="bank_letter_in_force_once_a_claim"
            ),
            models.CheckConstraint(
                condition=Q(not_principal__gte=0, debt__gte=F("not_principal")), name="bank_letter_has_its_parts"
            ),
            Wall(name="bank_letter_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.as_of:%d.%m.%Y}: {self.debt}"

    @property
    def facts(self) -> Facts:
        return Facts(self.as_of, Money(self.debt, self.currency), Money(self.not_principal, self.currency))
