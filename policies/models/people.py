"""A human, or an organisation, as one insurer knows them. Neither signs in: `accounts.User` does."""

import uuid
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from core.names import full_name, search_key, short_name, sort_key
from policies.models.insurers import Insurer
from policies.rules import comes_of_age_on


class Sex(models.TextChoices):
    MALE = "m", _("male")
    FEMALE = "f", _("female")


class Person(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="people", db_index=False)  # the IIN's index
    surname = models.CharField(_("surname"), max_length=100, blank=True)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    birth_date = models.DateField(_("birth date"))
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True)
    iin = models.CharField(_("IIN"), max_length=12, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)  # E.164, as the insurer has it on file
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2, blank=True)
    search_key = models.CharField(max_length=310, editable=False)
    sort_key = models.CharField(max_length=1000, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            # People with one name exist (facts.md, section 1), people without any do not.
            models.CheckConstraint(
                condition=~Q(surname="") | ~Q(given_name="") | ~Q(patronymic=""), name="person_has_a_name"
            ),
            models.UniqueConstraint(fields=["insurer", "iin"], name="person_iin_per_insurer"),
        ]
        indexes = [
            models.Index(fields=["birth_date"], name="person_birth_date"),  # an operator's search: name and birth date
            models.Index(fields=["phone"], name="person_phone", condition=~Q(phone="")),
            models.Index(Upper("email"), name="person_email", condition=~Q(email="")),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key, self.sort_key = search_key(self.full_name), sort_key(self.full_name)
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        return full_name(self.surname, self.given_name, self.patronymic)

    @property
    def comes_of_age_on(self) -> date:
        return comes_of_age_on(self.birth_date)

    @property
    def short_name(self) -> str:
        return short_name(self.surname, self.given_name, self.patronymic)


class Organisation(models.Model):
    """An employer who insures its people, a bank that lent."""

    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="organisations")
    name = models.CharField(_("name"), max_length=250)
    bin = models.CharField(_("BIN"), max_length=12, null=True, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(fields=["insurer", "bin"], name="organisation_bin_per_insurer"),
            models.UniqueConstraint(
                fields=["insurer", "name"], condition=Q(bin__isnull=True), name="organisation_name_without_bin"
            ),
        ]

    def __str__(self) -> str:
        return self.name
