"""What is said in a consultation, and what two browsers tell each other to find a path for sound and picture."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly, Upload
from core.rows.walls import Through, Wall
from telemed.models.consultations import ATTENDING, OF_BOTH, Consultation
from telemed.rules import JOB, LONGEST_TEXT, Side, Signal


class Message(AppendOnly):
    """A part of the medical record: words, or a file. Whoever writes one holds the consultation's lock, so that of one
    consultation the order of the keys is the order in which they can be read: a stream that goes on from a key misses
    nothing."""

    consultation = models.ForeignKey(Consultation, models.DO_NOTHING, related_name="messages")
    key = models.UUIDField(default=uuid.uuid4)  # the form's: sent twice, it is one message
    side = models.CharField(_("side"), max_length=7, choices=Side.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, related_name="+")
    text = models.TextField(_("message"), max_length=LONGEST_TEXT, blank=True)
    upload = models.OneToOneField(Upload, models.DO_NOTHING, null=True, related_name="message", verbose_name=_("file"))
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("message of a consultation")
        verbose_name_plural = _("messages of consultations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "key"], name="message_once"),
            models.CheckConstraint(
                condition=Q(text="", upload__isnull=False) | ~Q(text="") & Q(upload=None),
                name="message_is_words_or_a_file",
            ),
            Wall(name="message_wall", seen_by=[Through("consultation", OF_BOTH)]),
        ]
        indexes = [models.Index(fields=["consultation", "id"], name="messages_of_consultation")]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.get_side_display()}"


class CallSignal(models.Model):
    """Written under the consultation's lock, as a Message is. Addresses of people's networks stand in it, so it is gone
    with the talk. Nothing of what is said or seen passes here."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="signals")
    side = models.CharField(max_length=7, choices=Side.choices)
    peer = models.CharField(max_length=32)  # the page that speaks: a browser may have two
    to = models.CharField(max_length=32, blank=True)  # the page that is spoken to; nobody: whoever is there
    kind = models.CharField(max_length=9, choices=[(kind, kind) for kind in Signal])
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["consultation", "id"], name="signals_of_consultation"),
            models.Index(fields=["at"], name="signals_to_prune"),
        ]
        constraints = [
            Wall(name="signal_wall", seen_by=[Through("consultation", [*OF_BOTH, ATTENDING])], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.side}"
