"""Who consults: medical organisations and their doctors, as anybody may read of them (TM-11)."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.contacts import dialled
from core.languages import OWN_NAMES, in_language
from core.names import full_name, sort_key
from policies.models import Insurer
from policies.rules import Service
from telemed.rules import GENERAL, Speciality


class MedicalOrganisationQuerySet(models.QuerySet["MedicalOrganisation"]):
    def published(self, insurer: Insurer | None) -> "MedicalOrganisationQuerySet":
        """As anybody may read of them: whose patients somebody's insurer sends, at that insurer's host only its own."""
        return self.filter(insurers=insurer) if insurer else self.filter(insurers__isnull=False).distinct()


class MedicalOrganisation(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    names = models.JSONField(_("name"), help_text=_("{language: text}"))
    about = models.JSONField(_("about"), default=dict, blank=True)
    licence = models.CharField(_("licence"), max_length=200)
    addresses = models.JSONField(_("address"), default=dict)
    phone = models.CharField(_("phone"), max_length=20)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Almaty")
    insurers = models.ManyToManyField(Insurer, related_name="medical_organisations", verbose_name=_("insurers"))

    objects = MedicalOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("medical organisation")
        verbose_name_plural = _("medical organisations")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("public:organisation", args=[self.slug])

    @property
    def name(self) -> str:
        return in_language(self.names)

    @property
    def tel(self) -> str:
        """As a link dials it."""
        return dialled(self.phone)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class DoctorQuerySet(models.QuerySet["Doctor"]):
    def of_insurer(self, insurer: Insurer) -> "DoctorQuerySet":
        return self.filter(is_active=True, organisation__insurers=insurer)

    def offering(self, insurer: Insurer, service: Service) -> "DoctorQuerySet":
        """Who may be asked for a time."""
        found = self.of_insurer(insurer).consulting()
        match service:
            case Service.PLANNED_GP:
                return found.filter(speciality__in=GENERAL)
            case Service.SECOND_OPINION:
                return found.filter(gives_second_opinions=True)
            case _:
                return found.exclude(speciality__in=GENERAL)

    def consulting(self) -> "DoctorQuerySet":
        """Who may be called or booked at all: each has an account, or nobody would come to the talk."""
        return self.filter(is_active=True, user__is_active=True)

    def published(self, insurer: Insurer | None) -> "DoctorQuerySet":
        """As anybody may read of them (TM-11), at an insurer's own host only of its own."""
        return self.filter(is_active=True, organisation__in=MedicalOrganisation.objects.published(insurer))


class Doctor(models.Model):
    """Of several organisations: a row each, because each has its own hours, patients and licence."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    # Nobody yet: shown to the public before an account was opened. One account may be a doctor of several organisations.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="doctors", verbose_name=_("account")
    )  # fmt: skip
    organisation = models.ForeignKey(
        MedicalOrganisation, models.PROTECT, related_name="doctors", verbose_name=_("organisation")
    )
    surname = models.CharField(_("surname"), max_length=100)
    given_name = models.CharField(_("given name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    speciality = models.CharField(_("speciality"), max_length=20, choices=Speciality.choices)
    takes_duty = models.BooleanField(_("takes duty calls"), default=False)
    gives_second_opinions = models.BooleanField(_("gives second opinions"), default=False)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages"), default=list)
    practises_since = models.PositiveSmallIntegerField(_("practises since (year)"))
    education = models.JSONField(_("education"))  # {language: text}, as the next three
    qualification = models.JSONField(_("qualification"))
    certificate = models.JSONField(_("certificate"))
    workplace = models.JSONField(_("workplace"), default=dict, blank=True)
    is_active = models.BooleanField(_("works here"), default=True)
    sort_key = models.CharField(max_length=1000, editable=False)

    objects = DoctorQuerySet.as_manager()

    class Meta:
        verbose_name = _("doctor")
        verbose_name_plural = _("doctors")
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="doctor_once_per_organisation"),
            models.CheckConstraint(
                condition=models.Q(takes_duty=False) | models.Q(speciality__in=GENERAL), name="doctor_on_duty_is_general"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(self.full_name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("public:doctor", args=[self.slug])

    @property
    def full_name(self) -> str:
        return full_name(self.surname, self.given_name, self.patronymic)

    @property
    def spoken(self) -> str:
        """«қазақша, русский»."""
        return ", ".join(OWN_NAMES[code] for code in self.languages)

    @property
    def initials(self) -> str:
        return f"{self.surname[:1]}{self.given_name[:1]}"
