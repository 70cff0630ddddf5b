"""A wish that further payments go to another account: the claimant's, until staff have entered it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.payees import Payee
from claims.models.walls import EVERYBODY
from claims.rules.accounts import RequestState
from claims.rules.life import JOB
from core.rows.walls import Through, Wall

User = settings.AUTH_USER_MODEL


class AccountRequestQuerySet(models.QuerySet["AccountRequest"]):
    def waiting(self) -> "AccountRequestQuerySet":
        return self.filter(state=RequestState.ASKED)


class AccountRequest(models.Model):
    """Of one beneficiary; a later wish takes the place of an earlier one. Nobody enters what they asked for themselves."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="account_requests")
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="requests")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    iban = models.CharField(_("new account (IBAN)"), max_length=20)
    state = models.CharField(_("state"), max_length=9, choices=RequestState.choices, default=RequestState.ASKED)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # nobody: a guest
    guest = models.UUIDField(null=True, blank=True)  # accounts.GuestAccess
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    why = models.TextField(_("reason"), max_length=1000, blank=True)

    objects = AccountRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for another account")
        verbose_name_plural = _("requests for another account")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["payee"], condition=Q(state=RequestState.ASKED), name="account_request_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(settled_by=F("by")), name="account_request_of_different_people"
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.ASKED, settled_at=None)
                | ~Q(state=RequestState.ASKED) & Q(settled_at__isnull=False),
                name="account_request_settled_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.DECLINED) | ~Q(why=""), name="account_request_declined_for_a_reason"
            ),
            Wall(name="account_request_wall", seen_by=[Through("claim", EVERYBODY)], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%d.%m.%Y}"

    @property
    def tag(self) -> str:
        return {RequestState.ASKED.value: "wait", RequestState.ENTERED.value: "ok"}.get(self.state, "")
