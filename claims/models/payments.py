"""What is paid, when, to whom; orders to the bank in files, and what the bank answered; the rate of penalties."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.decisions import Decision
from claims.models.payees import Payee
from claims.models.walls import PAYING
from claims.rules.derivations import Derivation
from claims.rules.life import JOB, InstalmentState
from claims.rules.penalty import Rate
from core.models import AppendOnly
from core.money import Money
from core.rows.walls import Through, Wall
from core.whole_files import originals
from policies.models import Insurer

User = settings.AUTH_USER_MODEL


class InstalmentKind(models.TextChoices):
    PAYOUT = "payout", _("payout")
    PENALTY = "penalty", _("penalty for the delay")  # 11.2(4)


class Instalment(models.Model):
    """One beneficiary's part of what a decision pays at one time. A lump sum has no day of the loan's schedule."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="instalments")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="instalments", db_index=False)
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="instalments")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=7, choices=InstalmentKind.choices, default=InstalmentKind.PAYOUT)
    number = models.PositiveSmallIntegerField()  # 1, 2 … of the decision, the same for all beneficiaries
    scheduled_on = models.DateField(_("planned for"), null=True, blank=True)  # the loan's day (7.4)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    derivation = models.JSONField(default=dict)  # of this part: the share, or the penalty
    # A penalty is of one payment, which was late.
    late = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="penalty")
    state = models.CharField(_("state"), max_length=9, choices=InstalmentState.choices, default=InstalmentState.PLANNED)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    order_number = models.PositiveIntegerField(
        default=0
    )  # of the last order: an answer about an older one changes nothing

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "kind", "number", "payee"], name="instalment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_is_something"),
            models.CheckConstraint(
                condition=Q(state=InstalmentState.PAID, paid_on__isnull=False)
                | ~Q(state=InstalmentState.PAID) & Q(paid_on=None),
                name="instalment_paid_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind=InstalmentKind.PENALTY, late__isnull=False) | ~Q(kind=InstalmentKind.PENALTY) & Q(late=None),
                name="instalment_penalty_is_of_a_late_one",
            ),
            Wall(name="instalment_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["scheduled_on", "id"], condition=Q(state=InstalmentState.PLANNED), name="instalment_to_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def explanation(self) -> Derivation:
        return Derivation.from_data(self.derivation)


class PaymentFile(models.Model):
    """Orders that left for the bank together, as they left."""

    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="payment_files", db_index=False)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField()  # 1, 2 … of the insurer
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    count = models.PositiveIntegerField()
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    file = models.FileField(storage=originals, max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("payment file")
        verbose_name_plural = _("payment files")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["insurer", "number"], name="payment_file_number"),
            Wall(name="payment_file_wall", seen_by=[PAYING], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return str(self.number)


class OrderState(models.TextChoices):
    SENT = "sent", _("sent to the bank")
    CONFIRMED = "confirmed", _("confirmed by the bank")
    BOUNCED = "bounced", _("sent back by the bank")
    RECALLED = "recalled", _("taken back before the bank had it")


class PaymentOrder(models.Model):
    """What the bank was told to pay, with the account as it was then. Of an instalment one lives at a time."""

    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="orders")
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="orders", db_index=False)
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # what the bank's answer names
    number = models.PositiveIntegerField()  # 1, 2 … of the instalment: Instalment.order_number
    payee_name = models.CharField(max_length=200)
    payee_iin = models.CharField(max_length=12, blank=True)
    iban = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    state = models.CharField(_("state"), max_length=9, choices=OrderState.choices, default=OrderState.SENT)

    class Meta:
        verbose_name = _("payment order")
        verbose_name_plural = _("payment orders")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["instalment", "number"], name="payment_order_number"),
            models.UniqueConstraint(
                fields=["instalment"], condition=Q(state__in=[OrderState.SENT, OrderState.CONFIRMED]),
                name="payment_order_one_at_a_time",
            ),
            Wall(name="payment_order_wall", seen_by=[Through("file")], jobs=[JOB]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.reference)


class BankAnswer(AppendOnly):
    """A file that the bank sent. The same bytes are the same answer."""

    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="bank_answers", db_index=False)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    received_by = models.ForeignKey(User, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer of the bank")
        verbose_name_plural = _("answers of the bank")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["insurer", "sha256"], name="bank_answer_once"),
            Wall(name="bank_answer_wall", seen_by=[PAYING], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return self.name


class Effect(models.TextChoices):
    """What a line of the bank's answer changed."""

    APPLIED = "applied", _("applied")
    REPEATED = "repeated", _("known already")
    OUTDATED = "outdated", _("about an older order")
    UNKNOWN = "unknown", _("about no order of ours")
    CONTRADICTS = "contradicts", _("contradicts what is on file")


class AnswerLine(AppendOnly):
    answer = models.ForeignKey(BankAnswer, models.DO_NOTHING, related_name="lines")
    order = models.ForeignKey(PaymentOrder, models.DO_NOTHING, null=True, related_name="answers")
    number = models.PositiveIntegerField()  # of the line
    reference = models.CharField(max_length=60)
    said = models.CharField(max_length=9, choices=OrderState.choices)
    on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=300, blank=True)  # in the bank's words
    effect = models.CharField(max_length=11, choices=Effect.choices)

    class Meta:
        ordering = ["number"]
        constraints = [Wall(name="answer_line_wall", seen_by=[Through("answer")], jobs=[JOB])]

    def __str__(self) -> str:
        return f"{self.number}: {self.reference}"


class BaseRate(AppendOnly):
    """11.2(4): the National Bank's rate in force since a day, kept by staff with its source."""

    since = models.DateField(_("in force since"), unique=True)
    percent = models.DecimalField(_("rate, % a year"), max_digits=6, decimal_places=3)
    source = models.CharField(_("source"), max_length=300)
    by = models.ForeignKey(User, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("rate of the National Bank")
        verbose_name_plural = _("rates of the National Bank")
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="base_rate_in_percent")
        ]

    def __str__(self) -> str:
        return f"{self.since:%d.%m.%Y}: {self.percent}"

    @property
    def rate(self) -> Rate:
        return Rate(self.since, self.percent)
