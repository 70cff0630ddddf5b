"""Who may see and act: accounts for people, staff for insurers."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import DateField, F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.models.insurers import Insurer
from policies.models.people import Person
from policies.rules import ADULT_AT, AccessKind, AccessScope, StaffRole, is_outgrown


class AccessQuerySet(models.QuerySet["Access"]):
    def current(self, *, now: datetime) -> "AccessQuerySet":
        """Not ended; and a guardian's right ends by itself when the child's 18th birthday begins on the insurer's clock."""
        grown_up = Q(kind=AccessKind.GUARDIAN, person__birth_date__lte=_last_birth_date_of_an_adult(now))
        return self.filter(until__isnull=True).exclude(grown_up)

    def people_of(self, user: Any, *, now: datetime) -> "models.QuerySet[Access, Any]":
        """Whose affairs this account may see in full, as a subquery."""
        return self.current(now=now).filter(user=user, scope=AccessScope.FULL).values("person")


def _last_birth_date_of_an_adult(now: datetime) -> Func:
    """policies.rules.last_birth_date_of_an_adult in SQL, where each row has its insurer's day."""
    return Func(
        F("person__insurer__time_zone"), Value(now), output_field=DateField(),
        template=f"(timezone(%(expressions)s)::date - interval '{ADULT_AT} years')",
    )  # fmt: skip


class Access(models.Model):
    """This account may see and act for this person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="accesses")
    person = models.ForeignKey(Person, models.CASCADE, related_name="accesses")
    kind = models.CharField(_("acts as"), max_length=14, choices=AccessKind.choices)
    scope = models.CharField(_("scope"), max_length=8, choices=AccessScope.choices)
    proof = models.CharField(_("proof"), max_length=40)  # what convinced us: activation.rules.Proof, or an operator
    since = models.DateTimeField(_("from"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "person"], condition=Q(until__isnull=True), name="access_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="access_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.person}"

    def has_outgrown(self, today: date) -> bool:
        """AccessQuerySet.current, of this row: the child has come of age."""
        return is_outgrown(self.kind, self.person.birth_date, today=today)


class StaffMembership(models.Model):
    """For which insurer a member of staff works, and as what. Staff see their own insurer only."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_memberships", verbose_name=_("account")
    )
    insurer = models.ForeignKey(Insurer, models.CASCADE, related_name="staff", verbose_name=_("insurer"))
    role = models.CharField(_("role"), max_length=12, choices=StaffRole.choices)

    class Meta:
        verbose_name = _("staff membership")
        verbose_name_plural = _("staff memberships")
        constraints = [models.UniqueConstraint(fields=["user", "insurer", "role"], name="staff_membership_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
