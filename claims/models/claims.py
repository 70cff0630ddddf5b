"""One claim from the notice to its end, and every step of its lives."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.walls import EVERYBODY, WALLED
from claims.rules.clock import NEVER
from claims.rules.events import InsuredEvent
from claims.rules.life import JOB, OPEN_STATES, Actor, State
from claims.rules.notice import Circumstances
from claims.rules.numbers import number_shown
from claims.rules.people import ClaimantRole, Part
from claims.rules.steps import step_in_words
from claims.rules.terms import TermKind
from core.models import AppendOnly
from core.names import full_name
from core.rows.walls import Through, Wall
from policies.models import Access, Insurer, Person, Policy

NUMBERS = "claims_number"  # the sequence


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: Any, *, now: datetime) -> "ClaimQuerySet":
        """Made in the cabinet, of the people whose affairs this account may see in full."""
        return self.filter(person__in=Access.objects.people_of(user, now=now), by_guest=False)

    def open(self) -> "ClaimQuerySet":
        return self.filter(is_open=True)

    def queue(self) -> "ClaimQuerySet":
        """The nearest term first; where none runs last. The order of the indexes `claim_queue` and `claim_of_reviewer`."""
        return self.open().order_by("next_on", "pk")


class Claim(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.BigIntegerField(unique=True, editable=False, db_default=Func(Value(NUMBERS), function="nextval"))
    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="claims", db_index=False)  # the queue's
    # Whose event it is. Of a guest's notice nobody, until a reviewer has found the contract.
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="claims", db_index=False,
        verbose_name=_("insured person"),
    )  # fmt: skip
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="claims")

    # What happened, as it was told.
    event = models.CharField(_("event"), max_length=10, choices=InsuredEvent.choices)
    event_on = models.DateField(_("day of the event"))  # of a disability the day on which it was established
    country = models.CharField(_("country"), max_length=2)  # ISO 3166
    place = models.CharField(_("place"), max_length=200, blank=True)
    story = models.TextField(_("what happened"), max_length=4000, blank=True)
    by_accident = models.BooleanField(null=True, blank=True)  # these three: rules.notice.Circumstances
    declared_by_court = models.BooleanField(null=True, blank=True)
    by_inheritance = models.BooleanField(null=True, blank=True)

    # To whom, as a guest told it: compared by a reviewer, never by us. In the cabinet it is `person`.
    told_surname = models.CharField(_("surname"), max_length=100, blank=True)
    told_given_name = models.CharField(_("given name"), max_length=100, blank=True)
    told_patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    told_born_on = models.DateField(_("birth date"), null=True, blank=True)
    told_iin = models.CharField(_("IIN"), max_length=12, blank=True)
    told_policy = models.CharField(_("policy number"), max_length=60, blank=True)

    # Who tells.
    role = models.CharField(_("who tells"), max_length=14, choices=ClaimantRole.choices)
    by_guest = models.BooleanField(default=False)  # has no account: sees this case alone, by a GuestAccess
    claimant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="claims", db_index=False
    )
    claimant_name = models.CharField(_("your name"), max_length=200)
    phone = models.CharField(_("mobile number"), max_length=16, blank=True)  # E.164
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    notified_at = models.DateTimeField(_("registered"), default=timezone.now)
    notified_on = models.DateField()  # the insurer's day of it

    # Where it stands. Written by services.life alone.
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NOTIFIED)
    stopped_on = models.DateField(null=True, blank=True)  # 7.11
    ended_on = models.DateField(null=True, blank=True)  # closed, or set aside
    forgotten_at = models.DateTimeField(
        null=True, blank=True
    )  # whose papers and personal data are gone (services.forgetting)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="reviewed_claims",
        db_index=False, verbose_name=_("reviewer"),
    )  # fmt: skip
    taken_at = models.DateTimeField(null=True, blank=True)

    # For sorting only, never the truth: computed from the facts by services.clock after every act (adr/0040).
    is_open = models.BooleanField(default=True)  # something is to be done about it: it stands in the queue
    next_kind = models.CharField(max_length=15, choices=TermKind.choices, blank=True)
    next_on = models.DateField(default=NEVER)
    clock = models.TextField(blank=True)  # what its running terms are counted from: rules.clock

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.CheckConstraint(
                condition=Q(by_guest=True, claimant=None) | Q(by_guest=False, claimant__isnull=False, person__isnull=False),
                name="claim_of_an_account_or_a_guest",
            ),
            models.CheckConstraint(
                condition=Q(person=None, policy=None) | Q(person__isnull=False), name="claim_of_a_policy_has_its_person"
            ),
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email="") | Q(forgotten_at__isnull=False), name="claim_has_a_contact"
            ),
            models.CheckConstraint(
                condition=Q(next_kind="", next_on=NEVER) | ~Q(next_kind="") & Q(next_on__lt=NEVER),
                name="claim_next_term_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=OPEN_STATES) | Q(is_open=True), name="claim_is_open_while_it_lives"
            ),
            models.CheckConstraint(
                condition=Q(reviewer=None, taken_at=None) | Q(reviewer__isnull=False, taken_at__isnull=False),
                name="claim_was_taken_by_its_reviewer",
            ),
            models.CheckConstraint(condition=Q(event_on__lte=F("notified_on")), name="claim_is_of_the_past"),
            Wall(name="claim_case_wall", seen_by=EVERYBODY, jobs=[JOB]),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["insurer", "next_on", "id"], condition=Q(is_open=True), include=[*WALLED, "state", "reviewer"],
                name="claim_queue",
            ),
            models.Index(
                fields=["insurer", "reviewer", "next_on", "id"], condition=Q(is_open=True), include=WALLED,
                name="claim_of_reviewer",
            ),
            models.Index(fields=["insurer", "-notified_at", "-id"], name="claim_newest"),
            models.Index(fields=["person", "-notified_at"], condition=Q(person__isnull=False), name="claim_of_person"),
            models.Index(
                fields=["notified_on"], condition=Q(is_open=False, forgotten_at=None), name="claim_to_forget"
            ),
            models.Index(fields=["told_iin"], condition=~Q(told_iin=""), name="claim_told_iin"),
            models.Index(fields=["told_born_on"], condition=Q(told_born_on__isnull=False), name="claim_told_born_on"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number_shown

    def get_absolute_url(self) -> str:
        """The claimant's page, with an account; a guest's is their own."""
        return reverse("claims:case", args=[self.public_id])

    @property
    def number_shown(self) -> str:
        return number_shown(self.number, self.notified_on)

    @property
    def about(self) -> str:
        """Whose event it is, in full: as the insurer knows them, else as the notice named them."""
        return self.person.full_name if self.person else self.told_name

    @property
    def told_name(self) -> str:
        return full_name(self.told_surname, self.told_given_name, self.told_patronymic)

    @property
    def circumstances(self) -> Circumstances:
        return Circumstances(self.by_accident, self.declared_by_court, self.by_inheritance)

    @property
    def contact(self) -> str:
        """Where letters go: an address, else a mobile number."""
        return self.email or self.phone


class Step(AppendOnly):
    """What happened to a claim or to a part of it, when, by whom and why: one immutable history of all its lives."""

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="steps", db_index=False)
    part = models.CharField(_("of what"), max_length=10, choices=Part.choices)
    # One of these where the step is of a part; no constraint, so that a part may be named before its row is read back.
    item = models.ForeignKey("Item", models.DO_NOTHING, null=True, related_name="steps", db_index=False)
    decision = models.ForeignKey("Decision", models.DO_NOTHING, null=True, related_name="steps", db_index=False)
    instalment = models.ForeignKey("Instalment", models.DO_NOTHING, null=True, related_name="steps", db_index=False)
    objection = models.ForeignKey("Objection", models.DO_NOTHING, null=True, related_name="steps", db_index=False)
    event = models.CharField(_("step"), max_length=14)  # of that life: rules.life
    state = models.CharField(_("state after it"), max_length=16)
    actor = models.CharField(_("on whose behalf"), max_length=8, choices=Actor.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+", db_index=False
    )  # nobody: a guest, a bank, a worker
    at = models.DateTimeField(_("time"), default=timezone.now)
    on = models.DateField(_("day"))  # the insurer's day of it; of what came on paper the day it came
    reason = models.TextField(_("reason"), blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("step of a claim")
        verbose_name_plural = _("steps of claims")
        ordering = ["pk"]
        indexes = [models.Index(fields=["claim", "id"], name="step_of_claim")]
        constraints = [
            models.CheckConstraint(
                condition=Q(part=Part.CLAIM, item=None, decision=None, instalment=None, objection=None)
                | Q(part=Part.ITEM, item__isnull=False, decision=None, instalment=None, objection=None)
                | Q(part=Part.DECISION, item=None, decision__isnull=False, instalment=None, objection=None)
                | Q(part=Part.INSTALMENT, item=None, decision=None, instalment__isnull=False, objection=None)
                | Q(part=Part.OBJECTION, item=None, decision=None, instalment=None, objection__isnull=False),
                name="claim_step_of_one_part",
            ),
            Wall(name="claim_step_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.part}: {self.event}"

    @property
    def in_words(self) -> str:
        """What happened, by the life it belongs to."""
        return step_in_words(Part(self.part), self.event)
