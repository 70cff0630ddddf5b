"""An activation from the letter to the open cabinet, the codes that prove more, and every step with its time."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activation.rules import LINK, OPEN_STATES, Event, Proof, State, Verdict
from core.models import AppendOnly
from policies.models import Insurer, Policy, Product
from policies.rules import AccessKind, AccessScope


class ActivationQuerySet(models.QuerySet["Activation"]):
    def open(self) -> "ActivationQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def finished(self) -> "ActivationQuerySet":
        return self.filter(state=State.FINISHED)

    def run_out(self, now: datetime) -> "ActivationQuerySet":
        return self.open().filter(letter_at__lt=now - LINK)


class Activation(models.Model):
    """One try to bind a policy to an account. Of the finished ones a policy has one at most."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="activations")
    # Nobody, once an account that never proved its address was discarded.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="activations"
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    nonce = models.CharField(max_length=32, unique=True)  # of the passage between the steps: spent here, once
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2)
    kind = models.CharField(_("acts as"), max_length=14, choices=AccessKind.choices)
    scope = models.CharField(_("scope"), max_length=8, choices=AccessScope.choices)
    proof = models.CharField(_("proof"), max_length=16, choices=Proof.choices)
    letter = models.PositiveSmallIntegerField(default=1)  # number of the letter whose link is alive
    letter_at = models.DateTimeField(_("letter sent"), default=timezone.now)
    started_at = models.DateTimeField(_("began"), default=timezone.now)
    finished_at = models.DateTimeField(_("activated"), null=True, blank=True)

    objects = ActivationQuerySet.as_manager()

    class Meta:
        verbose_name = _("activation")
        verbose_name_plural = _("activations")
        constraints = [
            # Of 40 people who finish one policy at once, one does (architecture.md, State).
            models.UniqueConstraint(
                fields=["policy"], condition=Q(state=State.FINISHED), name="activation_finished_once_per_policy"
            ),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(state__in=OPEN_STATES), name="activation_open_once_per_policy"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False, user__isnull=False)
                | ~Q(state__in=[State.FINISHED, State.UNDONE]),
                name="activation_finished_has_account_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy}: {self.get_state_display()}"

    @property
    def owes_password(self) -> bool:
        """Nobody has chosen one: the letter's link asks for it (policies.rules.Credentials.LINK)."""
        return self.user is not None and not self.user.has_usable_password()

    def has_run_out(self, now: datetime) -> bool:
        """ActivationQuerySet.run_out, of this row."""
        return self.state in OPEN_STATES and self.letter_at < now - LINK


class Step(AppendOnly):
    """What happened at the door of one ID, also of an ID that nobody has. The operator reads these with their times."""

    class Kind(models.TextChoices):
        """Besides the verdicts of step 1 and the events of an activation."""

        CODE_SENT = "code_sent", _("code sent to the contact on file")
        CODE_ISSUED = "code_issued", _("one-time code issued by an operator")
        PROVED = "proved", _("second proof accepted")
        NOT_PROVED = "not_proved", _("second proof refused")
        BEGUN = "begun", _("e-mail and password given, letter sent")
        LETTER_AGAIN = "letter_again", _("letter sent again")
        ADDRESS_CORRECTED = "address_corrected", _("e-mail corrected, letter sent")
        REMINDER = "reminder", _("reminder for the opening day asked")
        UNLOCKED = "unlocked", _("unlocked by an operator")

    insurer = models.ForeignKey(Insurer, models.DO_NOTHING, related_name="+")
    insured_key = models.CharField(max_length=40)
    policy = models.ForeignKey(Policy, models.DO_NOTHING, null=True, related_name="activation_steps")
    activation = models.ForeignKey(Activation, models.DO_NOTHING, null=True, related_name="steps")
    kind = models.CharField(_("step"), max_length=20, choices=[*Verdict.choices, *Event.choices, *Kind.choices])
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("activation step")
        verbose_name_plural = _("activation steps")
        indexes = [models.Index(fields=["insurer", "insured_key", "at"], name="step_of_insured_id")]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.get_kind_display()}"


class InsuredFile(Policy):
    """One policy, its insured person and everything that happened at its door: what an operator opens for a caller."""

    class Meta:
        proxy = True
        default_permissions = ()  # memberships decide (policies.admin.scoped)
        verbose_name = _("insured person’s file")
        verbose_name_plural = _("insured people’s files")


class ProofCode(models.Model):
    """A one-time code for one policy: sent to the contact on file, or read out by an operator. Kept as a keyed hash."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="proof_codes")
    proof = models.CharField(max_length=16, choices=[c for c in Proof.choices if c[0].endswith("_code")])
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("proof code")
        verbose_name_plural = _("proof codes")
        constraints = [models.UniqueConstraint(fields=["policy", "proof"], name="proof_code_newest_only")]

    def __str__(self) -> str:
        return f"{self.policy}: {self.get_proof_display()}"


class CodeBatch(models.Model):
    """Activation codes that were printed on one sheet. The sheet is readable once; what is kept are hashes."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="code_batches", verbose_name=_("programme"))
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("issued by")
    )
    codes = models.PositiveIntegerField(_("codes"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch of activation codes")
        verbose_name_plural = _("batches of activation codes")
        default_permissions = ()  # memberships decide (policies.admin.scoped)

    def __str__(self) -> str:
        return f"{self.product} {self.issued_at:%d.%m.%Y %H:%M}"


class ActivationCode(models.Model):
    """The secret of one policy, for one activation (KIH-23). Kept as a keyed hash."""

    policy = models.OneToOneField(Policy, models.CASCADE, related_name="activation_code")
    batch = models.ForeignKey(CodeBatch, models.PROTECT, related_name="of_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("activation code")
        verbose_name_plural = _("activation codes")

    def __str__(self) -> str:
        return f"{self.policy}"


class Reminder(models.Model):
    """One message on the day activation opens; then the address is deleted with this row (decisions.md)."""

    policy = models.OneToOneField(Policy, models.CASCADE, related_name="reminder")
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")

    def __str__(self) -> str:
        return f"{self.policy}"
