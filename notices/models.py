"""The outbox. A row is written in the transaction of the fact it tells of; a worker hands it over later."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly
from notices.rules import KINDS, Answer, Channel, State

PARKED_FIRST = (Case(When(state=State.PARKED, then=Value(0)), default=Value(1)), F("id").desc())


class Notice(models.Model):
    """One message to one recipient. Its subject and body exist only while it is handed over."""

    # The gateway's idempotency key and the Message-ID: a repeat after a lost answer is recognised as a repeat.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=60)  # names the templates
    channel = models.CharField(_("channel"), max_length=5, choices=Channel.choices)
    to = models.CharField(_("recipient"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=2)
    sender = models.CharField(_("sender"), max_length=254, blank=True)  # nothing: the setting's
    context = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    attachments = models.JSONField(default=list)  # fields of rules.Attachment, one object a file
    scope = models.CharField(_("insurer"), max_length=40, blank=True)  # the insurer's slug, or nothing: core.AuditEvent
    secret = models.BooleanField(default=False)  # the context is wiped once handed over
    forget = models.BooleanField(default=False)  # …and so is the recipient
    once = models.CharField(max_length=200, null=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)  # the first one: not before this
    not_after = models.DateTimeField(null=True)  # from then on it is worth nothing to its reader and is not handed over
    leased_until = models.DateTimeField(null=True)  # a worker has it; later than this, the worker is dead
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    answer = models.CharField(_("last answer"), max_length=13, choices=Answer.choices, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(
                Coalesce("leased_until", "next_try_at"), "id",
                condition=Q(state__in=[State.WAITING, State.CLAIMED]), name="notice_due",
            ),
            models.Index(*PARKED_FIRST, name="notice_parked_first"),
            models.Index(Upper("to"), name="notice_recipient"),
            models.Index("created_at", condition=~Q(to="", context={}), name="notice_remembered"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["once"], condition=Q(once__isnull=False), name="notice_once"),
            models.CheckConstraint(
                condition=Q(state=State.CLAIMED, leased_until__isnull=False)
                | (~Q(state=State.CLAIMED) & Q(leased_until__isnull=True)),
                name="notice_is_claimed_while_leased",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.SENT, State.PARKED]) | ~Q(to=""), name="notice_has_a_recipient"
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.EMAIL) | Q(attachments=[]), name="notice_attachments_go_by_email"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENT) | Q(answer=Answer.ACCEPTED), name="notice_sent_was_accepted"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENT, secret=True) | Q(context={}), name="notice_sent_secret_is_wiped"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENT, forget=True) | Q(to=""), name="notice_sent_recipient_is_forgotten"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_in_words} ({self.get_channel_display()})"

    @property
    def is_returned(self) -> bool:
        """The other side refused it for good: it came back."""
        return (self.state, self.answer) == (State.PARKED, Answer.REFUSED)

    @property
    def kind_in_words(self) -> str:
        return str(KINDS.get(self.kind, self.kind))


class Delivery(AppendOnly):
    """One try and what came of it."""

    # No constraint: the log outlives a notice that was withdrawn before it left.
    notice = models.ForeignKey(Notice, models.DO_NOTHING, db_constraint=False, related_name="deliveries")
    at = models.DateTimeField(_("at"))
    outcome = models.CharField(_("outcome"), max_length=13, choices=Answer.choices)
    answer = models.CharField(_("answer"), max_length=300, blank=True)  # the other side's words, no text of ours
    provider_id = models.CharField(_("provider's number"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("try")
        verbose_name_plural = _("tries")

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.outcome}"
