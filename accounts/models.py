"""The person who signs in. An insured human is `policies.Person`; an account holds no IIN and no birth date."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.rules import CODE_TRIES
from core.phones import mask_contact
from notices.rules import Channel


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Signs in with a verified e-mail (allauth's EmailAddress holds which are verified) or with its mobile number."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)  # unique among verified addresses only: allauth's constraint
    phone = PhoneNumberField(_("mobile number"), blank=True)  # proved by a code, or nothing
    # When the number last took the place of another or of none; nothing where the account began with it.
    phone_changed_at = models.DateTimeField(_("mobile number changed"), null=True, blank=True)
    pin = models.CharField(
        _("PIN"), max_length=128, blank=True
    )  # its hash: opens devices that are trusted, nothing else
    language = models.CharField(_("language"), max_length=2, default="ru")
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "public_id"

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(fields=["phone"], condition=~Q(phone=""), name="mobile_number_of_one_account")
        ]

    def __str__(self) -> str:
        return self.login or str(self.public_id)

    @property
    def login(self) -> str:
        """What its owner signs in with, the address first."""
        return self.email or str(self.phone or "")

    def get_short_name(self) -> str:
        """How the admin greets: by default it would read the public_id aloud."""
        return self.login


class Device(models.Model):
    """A browser from which somebody has signed in. Its key lives in a cookie; only the hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    key_hash = models.CharField(max_length=64)
    label = models.CharField(_("browser"), max_length=60, blank=True)  # «Chrome, Android»
    first_seen = models.DateTimeField(_("first seen"))
    last_seen = models.DateTimeField(_("last seen"))
    trusted_at = models.DateTimeField(_("opens with the PIN since"), null=True, blank=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.UniqueConstraint(fields=["user", "key_hash"], name="device_once_per_account"),
            # Who is meant by the PIN that is typed there must be clear before anything is compared.
            models.UniqueConstraint(
                fields=["key_hash"], condition=Q(trusted_at__isnull=False), name="device_trusted_by_one_account"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class OneTimeLink(models.Model):
    """A link that works once. Whoever marks it used (a conditional UPDATE) has it; only the key's hash is kept."""

    class Purpose(models.TextChoices):
        STAFF = "staff", _("first sign-in of staff")
        PASSWORD = "password", _("first password")

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose)
    key_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("one-time link")
        verbose_name_plural = _("one-time links")

    def __str__(self) -> str:
        return f"{self.purpose} {self.user}"


class PhoneCode(models.Model):
    """A code on its way to a number, or to an address, for one purpose in one browser. Kept as a keyed hash; the newest only."""

    browser = models.CharField(max_length=64)  # hash of what only this browser sends along
    purpose = models.CharField(max_length=80)  # rules.Purpose, or what an app above calls its own
    phone = models.CharField(max_length=16, blank=True)
    email = models.EmailField(blank=True)  # where there is no number
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        constraints = [
            models.UniqueConstraint(fields=["browser", "purpose"], name="phone_code_newest_only"),
            models.CheckConstraint(condition=Q(tries__lte=CODE_TRIES), name="phone_code_tries_within_the_limit"),
            models.CheckConstraint(
                condition=Q(phone="") & ~Q(email="") | ~Q(phone="") & Q(email=""), name="phone_code_goes_to_one_contact"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="phone_codes_to_forget")]

    def __str__(self) -> str:
        return f"{self.purpose} {mask_contact(self.contact)}"

    @property
    def contact(self) -> str:
        return self.phone or self.email


class NumberChange(models.Model):
    """The number of an account will become another one, or none, a day after it was asked, unless it is stopped."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")
        TAKEN = "taken", _("another account has proved the number")

    user = models.ForeignKey(User, models.CASCADE, related_name="number_changes")
    phone = PhoneNumberField(_("new number"), blank=True)  # nothing: the number is withdrawn
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    key_hash = models.CharField(max_length=64, unique=True)  # of the link that stops it
    asked_at = models.DateTimeField(_("asked"))
    takes_effect_at = models.DateTimeField(_("takes effect"))

    class Meta:
        verbose_name = _("change of a mobile number")
        verbose_name_plural = _("changes of mobile numbers")
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(state="waiting"), name="number_change_waits_alone"),
        ]
        indexes = [
            models.Index(fields=["takes_effect_at"], condition=Q(state="waiting"), name="number_changes_due"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_state_display()}"


class FactorLoss(models.Model):
    """Somebody lost the second step: one colleague asks to lift it, another confirms, a day later it is lifted.

    The account's owner reads of it at every contact and can stop it meanwhile.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waits for a second colleague")
        WAITING = "waiting", _("waits")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    user = models.ForeignKey(User, models.CASCADE, related_name="factor_losses")
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.ASKED)
    key_hash = models.CharField(max_length=64, unique=True, null=True)  # of the link that stops it
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    takes_effect_at = models.DateTimeField(_("takes effect"), null=True, blank=True)

    class Meta:
        verbose_name = _("lost second step")
        verbose_name_plural = _("lost second steps")
        constraints = [
            models.CheckConstraint(condition=~Q(confirmed_by=F("asked_by")), name="factor_loss_is_seen_by_two"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=False, takes_effect_at__isnull=False)
                | ~Q(state__in=["waiting", "done"]),
                name="factor_loss_counts_when_confirmed",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=["asked", "waiting"]), name="factor_loss_open_once"
            ),
        ]
        indexes = [models.Index(fields=["takes_effect_at"], condition=Q(state="waiting"), name="factor_losses_due")]

    def __str__(self) -> str:
        return f"{self.user} {self.get_state_display()}"


class GuestAccessQuerySet(models.QuerySet["GuestAccess"]):
    def living(self, now: datetime) -> "GuestAccessQuerySet":
        return self.filter(ended_at=None, until__gt=now)

    def over_before(self, moment: datetime) -> "GuestAccessQuerySet":
        return self.filter(Q(ended_at__lt=moment) | Q(until__lt=moment))


class GuestAccess(models.Model):
    """One page about one thing, for somebody without an account, in one browser, until a time (adr/0028)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=80)  # the name of that page; its one argument is the subject
    subject = models.UUIDField()
    about = models.CharField(_("what it shows"), max_length=200)  # in the guest's language
    channel = models.CharField(_("channel"), max_length=5, choices=Channel.choices)
    contact = models.CharField(_("contact"), max_length=254, blank=True)  # E.164 or an address; nothing: wiped
    language = models.CharField(_("language"), max_length=2)
    brand = models.JSONField()  # who signs the letter and its codes
    scope = models.CharField(_("insurer"), max_length=40, blank=True)  # core.AuditEvent
    key_hash = models.CharField(max_length=64, unique=True)  # of the link
    browser_hash = models.CharField(max_length=64, unique=True, null=True)  # of what the one browser keeps
    # Nobody: the guest came by themselves, and a code proved the contact before anything was given.
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    until = models.DateTimeField(_("until"))
    opened_at = models.DateTimeField(_("opened"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = GuestAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest access")
        verbose_name_plural = _("guest accesses")
        indexes = [models.Index(fields=["purpose", "subject"], name="guests_of_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("given_at")), name="guest_access_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, browser_hash__isnull=True)
                | Q(opened_at__isnull=False, browser_hash__isnull=False),
                name="guest_access_opened_by_a_browser",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {mask_contact(self.contact)}"

    def is_living(self, now: datetime) -> bool:
        """GuestAccessQuerySet.living, of this row."""
        return self.ended_at is None and now < self.until
