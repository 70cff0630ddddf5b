"""An activation from the letter to the open cabinet, the codes that prove more, and every step with its time."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activation.rules import (
    LINK,
    LIVING,
    OPEN_STATES,
    Declared,
    Event,
    LetterState,
    MailingEvent,
    MailingState,
    Proof,
    State,
    Verdict,
)
from core import sealing
from core.identity import mask_passport
from core.models import AppendOnly
from notices.models import Notice
from notices.rules import State as Sent
from policies.models import Insurer, Organisation, Person, Policy, Product
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
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("mobile number"), max_length=16, blank=True)  # proved; E.164
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
            # Whoever comes by a national sign-in may have neither (SGZ-09).
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone="") | Q(proof=Proof.NATIONAL_ID), name="activation_reaches_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy}: {self.get_state_display()}"

    @property
    def contact(self) -> str:
        """Where the account is reached, the address first. Nothing where a national sign-in gave none."""
        return self.email or self.phone

    @property
    def owes_password(self) -> bool:
        """Nobody has chosen one: a link asks for it (policies.rules.Credentials)."""
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


class InsuredPerson(Person):
    """Somebody covered by a policy, with all that an operator opens for a caller (queries.desk)."""

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
        return f"{self.product}, {timezone.localtime(self.issued_at):%d.%m.%Y %H:%M}"


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


PASSPORTS = "activation.passports"  # the purpose under which they are sealed


class Declaration(models.Model):
    """Who somebody says they are, to one insurer (SGZ-14), until a policy of their own is found or a quarter has passed.

    Afterwards the insurer's own record says it (policies.Person); an account by itself holds none of this (adr/0002).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="declarations")
    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="+")
    surname = models.CharField(_("surname"), max_length=100)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)  # nothing: one name is all
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    birth_date = models.DateField(_("birth date"))
    passport = models.TextField(_("passport"))  # sealed; nothing where only names were corrected
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)

    class Meta:
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        constraints = [models.UniqueConstraint(fields=["user", "insurer"], name="declaration_once_per_insurer")]
        indexes = [models.Index(fields=["declared_at"], name="declarations_to_forget")]

    def __str__(self) -> str:
        return f"{self.user}: {self.insurer}"

    @property
    def declared(self) -> Declared:
        return Declared(self.surname, self.given_name, self.patronymic, self.birth_date)

    @property
    def masked_passport(self) -> str:
        """Raises cryptography.fernet.InvalidToken where the key of the seal is gone."""
        return mask_passport(sealing.unseal(self.passport, purpose=PASSPORTS)) if self.passport else ""


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


class Mailing(models.Model):
    """Letters with personal links to the people whom a firm has insured in one programme (SGZ-12, adr/0029)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="mailings", verbose_name=_("programme"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mailings", verbose_name=_("firm"))
    state = models.CharField(_("state"), max_length=7, choices=MailingState.choices, default=MailingState.RUNNING)
    pace = models.PositiveIntegerField(_("letters a minute"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)  # where a register names none
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    links_until = models.DateTimeField(_("links work until"))
    handed_until = models.DateTimeField()  # the letters that were due until then are in the outbox…
    handed_out = models.PositiveIntegerField(default=0)  # …so many
    forgotten_at = models.DateTimeField(_("addresses wiped"), null=True)

    class Meta:
        verbose_name = _("mailing to a firm’s people")
        verbose_name_plural = _("mailings to firms’ people")
        default_permissions = ()  # memberships decide (policies.admin.scoped)
        constraints = [
            # Of two who start the same at once, one does.
            models.UniqueConstraint(
                fields=["product", "organisation"], condition=Q(state__in=LIVING), name="mailing_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(pace__gte=1), name="mailing_has_a_pace"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {timezone.localtime(self.started_at):%d.%m.%Y %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("admin:activation_mailing_change", args=[self.public_id])

    @property
    def is_living(self) -> bool:
        return self.state in LIVING


class MailingStep(AppendOnly):
    """What happened to a mailing, when and by whom; nobody: the last letter was handed out."""

    mailing = models.ForeignKey(Mailing, models.DO_NOTHING, related_name="steps")
    event = models.CharField(_("step"), max_length=6, choices=MailingEvent.choices)
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )

    class Meta:
        verbose_name = _("step of a mailing")
        verbose_name_plural = _("steps of a mailing")

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.get_event_display()}"


class PersonalLetterQuerySet(models.QuerySet["PersonalLetter"]):
    def with_state(self) -> models.QuerySet[Any]:
        """`now_is`: a LetterState, read off the activations, the bounces and the outbox."""
        finished = Activation.objects.finished().filter(policy=OuterRef("policy"))
        return self.annotate(
            now_is=Case(
                When(Exists(finished), then=Value(LetterState.ACTIVATED)),
                When(Q(bounced_at__isnull=False) | Q(letter__state=Sent.PARKED), then=Value(LetterState.REFUSED)),
                When(letter__state=Sent.SENT, then=Value(LetterState.SENT)),
                When(letter__isnull=False, then=Value(LetterState.ON_ITS_WAY)),
                default=Value(LetterState.WAITING),
            )
        )

    def living(self, now: datetime) -> "PersonalLetterQuerySet":
        """Their link works, or will when its turn comes."""
        waits_or_left = Q(letter__isnull=False) | Q(mailing__state__in=LIVING)
        return self.filter(waits_or_left, mailing__links_until__gt=now)


class PersonalLetter(models.Model):
    """One person's letter of a mailing. Prepared by INSERT … SELECT (services.mailings), a row a policy."""

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="letters", db_index=False)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="personal_letters")
    # As it was on file: the link proves this address and no other. Nothing: wiped.
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2)
    letter = models.OneToOneField(Notice, models.PROTECT, null=True, related_name="+")  # nothing: waits for its turn
    bounced_at = models.DateTimeField(_("came back"), null=True)
    bounce = models.CharField(_("reason"), max_length=200, blank=True)

    objects = PersonalLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal letter")
        verbose_name_plural = _("personal letters")
        constraints = [
            models.UniqueConstraint(fields=["mailing", "policy"], name="personal_letter_once_a_mailing"),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True) | Q(letter__isnull=False),
                name="personal_letter_left_and_came_back",
            ),
        ]
        indexes = [
            models.Index(fields=["mailing", "id"], condition=Q(letter__isnull=True), name="personal_letters_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.policy}"
