"""What was decided, by which two or three people, and why; objections to it; letters, as they were sent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.documents import Item
from claims.models.reviews import Review
from claims.models.walls import CLAIMANTS, HANDLERS
from claims.rules.derivations import Derivation
from claims.rules.life import JOB, UNDECIDED, UNDER_WAY, DecisionState, ObjectionState, Outcome, Way
from claims.rules.refusals import Ground
from core.models import AppendOnly
from core.money import Money
from core.rows.walls import Through, Wall
from notices.models import Notice
from notices.rules import Channel

User = settings.AUTH_USER_MODEL


class DecisionQuerySet(models.QuerySet["Decision"]):
    def decided(self) -> "DecisionQuerySet":
        return self.filter(state=DecisionState.APPROVED)

    def undecided(self) -> "DecisionQuerySet":
        return self.filter(state__in=UNDECIDED)


class Decision(models.Model):
    """Proposed by one, approved by another, above the product's amount by two others: constraints, not good will."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="decisions", db_index=False)  # decision_number
    review = models.ForeignKey(Review, models.PROTECT, related_name="decisions")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveSmallIntegerField()  # 1, 2 … of the claim
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome.choices)
    state = models.CharField(_("state"), max_length=10, choices=DecisionState.choices, default=DecisionState.PROPOSED)

    # To pay: how much, and how it came about (rules.derivations.Derivation.data).
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(max_length=3)
    derivation = models.JSONField(default=dict, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")  # 7.5

    # To refuse: chapter 8.
    ground = models.CharField(_("ground"), max_length=5, choices=Ground.choices, blank=True)
    clause = models.CharField(_("clause"), max_length=12, blank=True)
    ground_on = models.DateField(_("day it is about"), null=True, blank=True)
    evidence = models.TextField(_("what shows it"), max_length=4000, blank=True)
    evidence_item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.TextField(_("in the letter"), max_length=4000, blank=True)  # the reviewer's, in the case's language

    takes_two = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    endorsed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    endorsed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    ended_why = models.TextField(_("reason"), max_length=1000, blank=True)  # returned, taken back

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="decision_number"),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state__in=UNDECIDED), name="decision_waits_once_a_claim"
            ),
            models.CheckConstraint(
                condition=(Q(endorsed_by=None) | ~Q(endorsed_by=F("proposed_by")))
                & (Q(approved_by=None) | ~Q(approved_by=F("proposed_by")))
                & (Q(approved_by=None) | Q(endorsed_by=None) | ~Q(approved_by=F("endorsed_by"))),
                name="decision_of_different_people",
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.APPROVED)
                | Q(approved_by__isnull=False, approved_at__isnull=False, decided_on__isnull=False),
                name="decision_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.APPROVED) | Q(takes_two=False) | Q(endorsed_by__isnull=False),
                name="decision_of_a_large_amount_takes_two",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.REFUSED) | ~Q(ground="") & ~Q(clause="") & ~Q(evidence="") & Q(amount=0),
                name="decision_to_refuse_has_its_ground",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.REFUSED) | Q(amount__gt=0) & ~Q(derivation={}),
                name="decision_to_pay_has_its_amount",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.PARTLY) | ~Q(words=""), name="decision_to_pay_less_says_why"
            ),
            Wall(
                name="decision_wall",
                seen_by=[
                    Through("claim", HANDLERS),
                    Through("claim", CLAIMANTS, only=Q(state=DecisionState.APPROVED)),
                ],
                jobs=[JOB],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.money}"

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED

    @property
    def signers(self) -> tuple[int | None, ...]:
        """Who took part in it."""
        return self.proposed_by_id, self.endorsed_by_id, self.approved_by_id

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def explanation(self) -> Derivation | None:
        return Derivation.from_data(self.derivation) if self.derivation else None


class Objection(models.Model):
    """7.10, 13.3–13.5: one row a way."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="objections")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="objections")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    way = models.CharField(_("to whom"), max_length=9, choices=Way.choices)
    state = models.CharField(_("state"), max_length=9, choices=ObjectionState.choices)
    text = models.TextField(_("what you disagree with, and why"), max_length=4000, blank=True)
    filed_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("filed_on")), name="objection_answered_after"
            ),
            models.UniqueConstraint(
                fields=["decision", "way"], condition=Q(state__in=UNDER_WAY), name="objection_once_a_way"
            ),
            Wall(name="objection_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {self.filed_on:%d.%m.%Y}"


class Letter(AppendOnly):
    """11.3(5): a letter as its reader had it. What left and when: the deliveries of its notice; on paper, the day it was
    handed over."""

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="letters")
    decision = models.ForeignKey(Decision, models.DO_NOTHING, null=True, related_name="letters")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("letter"), max_length=40)  # rules.letters.LetterKind
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    channel = models.CharField(_("channel"), max_length=5, choices=Channel.choices, blank=True)  # nothing: on paper
    to = models.CharField(_("recipient"), max_length=254)
    # No constraint: the log outlives a notice that was withdrawn before it left.
    notice = models.ForeignKey(Notice, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    handed_over_on = models.DateField(null=True)
    by = models.ForeignKey(
        User, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )  # nobody: the portal
    at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice__isnull=False) & ~Q(channel="") | Q(notice=None, channel="", handed_over_on__isnull=False),
                name="letter_went_some_way",
            ),
            Wall(name="letter_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.subject
