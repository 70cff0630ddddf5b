"""What is paid, when, to whom; orders to the bank in files, and what the bank answered; penalties and their rate."""

import uuid
from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.db.models import Func, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.decisions import Decision
from claims.models.payees import Payee
from claims.models.proposals import Proposal
from claims.models.walls import CLAIMANTS, HANDLERS, PAYING
from claims.rules.bank_answers import Heading, Problem, Said
from claims.rules.bank_orders import LIVING, PURPOSE_ROOM, Order, OrderState, number_of
from claims.rules.clock import NEVER
from claims.rules.derivations import Derivation
from claims.rules.life import JOB, UNDECIDED, DecisionState, InstalmentState
from claims.rules.penalty import Rate
from core.models import AppendOnly
from core.money import Money
from core.rows.walls import Through, Wall
from policies.models import Insurer

User = settings.AUTH_USER_MODEL
ORDER_NUMBERS = "claims_order_number"  # the sequence


# ── What is to be paid ───────────────────────────────────────────────────────
class InstalmentKind(models.TextChoices):
    PAYOUT = "payout", _("payout")
    PENALTY = "penalty", _("penalty for the delay")  # 11.2(4)


class InstalmentQuerySet(models.QuerySet["Instalment"]):
    def payouts(self) -> "InstalmentQuerySet":
        return self.filter(kind=InstalmentKind.PAYOUT)


class Instalment(models.Model):
    """One beneficiary's part of what a decision pays at one time. A lump sum has no day of the loan's schedule."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="instalments")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="instalments", db_index=False)
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="instalments")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=7, choices=InstalmentKind.choices, default=InstalmentKind.PAYOUT)
    number = models.PositiveSmallIntegerField()  # 1, 2 … of the decision, the same for all beneficiaries
    scheduled_on = models.DateField(_("planned for"), null=True, blank=True)  # the loan's day (7.4)
    # The last day in time, for sorting: computed from the facts by services.clock (adr/0047).
    pay_by = models.DateField(_("to be paid by"), default=NEVER)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    derivation = models.JSONField(default=dict)  # of this part: the share, or the penalty
    # A penalty is of one payment, which was late.
    late = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="penalty")
    state = models.CharField(_("state"), max_length=9, choices=InstalmentState.choices, default=InstalmentState.PLANNED)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)

    objects = InstalmentQuerySet.as_manager()

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
                fields=["pay_by", "id"], condition=Q(state__in=(InstalmentState.PLANNED, InstalmentState.BOUNCED)),
                name="instalment_to_order",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}: {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def explanation(self) -> Derivation:
        return Derivation.from_data(self.derivation)


# ── What goes to the bank ────────────────────────────────────────────────────
class PaymentFile(models.Model):
    """Orders that left for the bank together."""

    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="payment_files", db_index=False)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(_("number"))  # 1, 2 … of the insurer
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    count = models.PositiveIntegerField(_("orders"))
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)

    class Meta:
        verbose_name = _("payment file")
        verbose_name_plural = _("payment files")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["insurer", "number"], name="payment_file_number"),
            models.CheckConstraint(condition=Q(count__gt=0, total__gt=0), name="payment_file_pays_something"),
            Wall(name="payment_file_wall", seen_by=[PAYING], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def get_absolute_url(self) -> str:
        return reverse("claims:payment_file", args=[self.public_id])

    @property
    def money(self) -> Money:
        return Money(self.total, self.currency)


class PaymentOrderQuerySet(models.QuerySet["PaymentOrder"]):
    def for_the_bank(self) -> "PaymentOrderQuerySet":
        """What was taken back before the bank had it is left out."""
        return self.exclude(state=OrderState.RECALLED).order_by("number")


class PaymentOrder(models.Model):
    """What the bank was told to pay, with the account as it was then. Of an instalment one lives at a time."""

    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="orders")
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="orders")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.BigIntegerField(
        unique=True, editable=False, db_default=Func(Value(ORDER_NUMBERS), function="nextval")
    )
    pay_on = models.DateField()
    payee_name = models.CharField(max_length=200)
    payee_iin = models.CharField(max_length=12, blank=True)
    iban = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    purpose = models.CharField(max_length=PURPOSE_ROOM)
    state = models.CharField(_("state"), max_length=9, choices=OrderState.choices, default=OrderState.SENT)
    answered_on = models.DateField(null=True, blank=True)  # the bank's day of what it said last
    reason = models.CharField(
        max_length=300, blank=True
    )  # why it came back, in the bank's words; why it was taken back

    objects = PaymentOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment order")
        verbose_name_plural = _("payment orders")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["instalment"], condition=Q(state__in=LIVING), name="payment_order_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=(OrderState.CONFIRMED, OrderState.BOUNCED), answered_on__isnull=False)
                | ~Q(state__in=(OrderState.CONFIRMED, OrderState.BOUNCED)) & Q(answered_on=None),
                name="payment_order_answered_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(OrderState.BOUNCED, OrderState.RECALLED)) | ~Q(reason=""),
                name="payment_order_ends_for_a_reason",
            ),
            Wall(name="payment_order_wall", seen_by=[Through("file")], jobs=[JOB]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number_shown

    @property
    def number_shown(self) -> str:
        return number_of(self.number)

    @property
    def money(self) -> Money:
        return Money(self.amount, self.file.currency)

    @property
    def order(self) -> Order:
        """As the bank's gateway writes it."""
        return Order(
            self.number_shown, self.pay_on, self.money, self.iban, self.payee_name, self.payee_iin, self.purpose
        )


# ── What the bank answered ───────────────────────────────────────────────────
class BankAnswer(AppendOnly):
    """A file that the bank sent. The same bytes are the same answer."""

    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="bank_answers", db_index=False)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(_("file"), max_length=100)
    unread = models.JSONField(default=list)  # rows that were not understood: [code, line, heading, facts]
    received_by = models.ForeignKey(User, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    received_at = models.DateTimeField(_("received"), default=timezone.now)

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

    def get_absolute_url(self) -> str:
        return reverse("claims:bank_answer", args=[self.public_id])

    @property
    def problems(self) -> Iterator[Problem]:
        for code, line, heading, facts in self.unread:
            yield Problem(code, line, Heading(heading) if heading else None, facts)


class Effect(models.TextChoices):
    """What a row of the bank's answer changed."""

    PAID = "paid", _("paid")
    CAME_BACK = "came_back", _("came back")
    REPEATED = "repeated", _("known already")
    OUTDATED = "outdated", _("too late: the order has ended")
    UNKNOWN = "unknown", _("about no order of ours")
    CONTRADICTS = "contradicts", _("paid, although it was taken back: ask the bank")
    OTHER_AMOUNT = "other_amount", _("another amount than ordered")
    UNDER_WAY = "under_way", _("still at the bank")


class AnswerLine(AppendOnly):
    answer = models.ForeignKey(BankAnswer, models.DO_NOTHING, related_name="lines")
    order = models.ForeignKey(PaymentOrder, models.DO_NOTHING, null=True, related_name="answers")
    line = models.PositiveIntegerField()  # in the file
    number = models.BigIntegerField()  # of the order, as the bank gave it
    said = models.CharField(max_length=9, choices=Said.choices)
    on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=200, blank=True)  # in the bank's words
    effect = models.CharField(max_length=12, choices=Effect.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [Wall(name="answer_line_wall", seen_by=[Through("answer")], jobs=[JOB])]

    def __str__(self) -> str:
        return f"{self.line}: {number_of(self.number)}"

    @property
    def number_shown(self) -> str:
        return number_of(self.number)


# ── What a delay costs ───────────────────────────────────────────────────────
class Penalty(Proposal):
    """11.2(4): of one payment that was late. Counted when it was paid; approved, it is paid like any other."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="penalties")
    late = models.ForeignKey(Instalment, models.PROTECT, related_name="penalties")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    derivation = models.JSONField()

    class Meta:
        verbose_name = _("penalty for the delay")
        verbose_name_plural = _("penalties for delays")
        ordering = ["pk"]
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["late"], condition=Q(state__in=(*UNDECIDED, DecisionState.APPROVED)), name="penalty_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="penalty_is_something"),
            Wall(
                name="penalty_wall",
                seen_by=[
                    Through("claim", HANDLERS),
                    Through("claim", CLAIMANTS, only=Q(state=DecisionState.APPROVED)),
                ],
                jobs=[JOB],
            ),
        ]

    def __str__(self) -> str:
        return str(self.money)

    def get_absolute_url(self) -> str:
        return reverse("claims:penalty", args=[self.public_id])

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def explanation(self) -> Derivation:
        return Derivation.from_data(self.derivation)


class BaseRateQuerySet(models.QuerySet["BaseRate"]):
    def current(self) -> "BaseRateQuerySet":
        """Of each day the row that was entered last."""
        return self.order_by("-since", "-pk").distinct("since")


class BaseRate(AppendOnly):
    """11.2(4): the National Bank's rate in force since a day, kept by staff with its source. A later row of the same day
    corrects it."""

    since = models.DateField(_("in force since"))
    percent = models.DecimalField(_("rate, % a year"), max_digits=6, decimal_places=3)
    source = models.CharField(_("source"), max_length=300)
    by = models.ForeignKey(User, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = BaseRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("rate of the National Bank")
        verbose_name_plural = _("rates of the National Bank")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="base_rate_in_percent")
        ]

    def __str__(self) -> str:
        return f"{self.since:%d.%m.%Y}: {self.percent}"

    @property
    def rate(self) -> Rate:
        return Rate(self.since, self.percent)
