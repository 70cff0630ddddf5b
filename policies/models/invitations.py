"""Somebody is asked to see and act for a person: a spouse for the other, a second parent for a child."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.models.access import Access
from policies.models.people import Person
from policies.rules import AccessKind
from policies.rules.family import InvitationState


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self, *, now: datetime) -> "InvitationQuerySet":
        return self.filter(state=InvitationState.WAITING, expires_at__gt=now)


class Invitation(models.Model):
    """Good for the account of one address, which the letter proves, and for one answer."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    email = models.EmailField(_("e-mail"))  # in small letters
    kind = models.CharField(_("acts as"), max_length=14, choices=AccessKind.choices)
    key_hash = models.CharField(max_length=64, unique=True)  # of the link in the letter
    state = models.CharField(_("state"), max_length=9, choices=InvitationState.choices, default=InvitationState.WAITING)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("works until"))
    access = models.OneToOneField(Access, models.CASCADE, null=True, related_name="invitation")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "email"], condition=Q(state="waiting"), name="invitation_waits_once"
            ),
            models.CheckConstraint(condition=~Q(kind=AccessKind.SELF), name="invitation_makes_nobody_the_person"),
            models.CheckConstraint(
                condition=Q(state="accepted", access__isnull=False) | (~Q(state="accepted") & Q(access__isnull=True)),
                name="invitation_accepted_gave_an_access",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"
