"""The person who signs in. An insured human is `policies.Person`; an account holds no IIN and no birth date."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Signs in with a verified e-mail (allauth's EmailAddress holds which are verified) or, later, a phone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)  # unique among verified addresses only: allauth's constraint
    phone = PhoneNumberField(_("phone"), blank=True)
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

    def __str__(self) -> str:
        return self.email or str(self.public_id)

    def get_short_name(self) -> str:
        """How the admin greets: by default it would read the public_id aloud."""
        return self.email


class Device(models.Model):
    """A browser from which somebody has signed in. Its key lives in a cookie; only the hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    key_hash = models.CharField(max_length=64)
    label = models.CharField(_("browser"), max_length=60, blank=True)  # «Chrome, Android»
    first_seen = models.DateTimeField(_("first seen"))
    last_seen = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [models.UniqueConstraint(fields=["user", "key_hash"], name="device_once_per_account")]

    def __str__(self) -> str:
        return self.label


class OneTimeLink(models.Model):
    """A link that works once. Whoever marks it used (a conditional UPDATE) has it; only the key's hash is kept."""

    class Purpose(models.TextChoices):
        STAFF = "staff", _("first sign-in of staff")

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
