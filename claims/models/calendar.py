"""Edits of the working calendar, whose consequences for open claims somebody has seen before they were made."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import CalendarDay

User = settings.AUTH_USER_MODEL


class Mark(models.TextChoices):
    """What a day becomes: as CalendarDay has it, or as the library has it again."""

    OFF = "off", _("day off")
    WORK = "work", _("working day")
    NONE = "none", _("as in the state’s calendar")


class CalendarEdit(models.Model):
    """Confirmed with what it would move; a worker lets the stored days of open claims follow."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    country = models.CharField(_("country"), max_length=2, choices=CalendarDay.Country.choices)
    date = models.DateField(_("date"))
    mark = models.CharField(_("becomes"), max_length=4, choices=Mark.choices)
    note = models.CharField(_("note"), max_length=200, help_text=_("The decree or order that moved the day."))
    seen = models.PositiveIntegerField(_("claims whose dates move"))  # as the page said, to whoever confirmed it
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("confirmed"), default=timezone.now)
    moved = models.PositiveIntegerField(_("dates moved"), default=0)  # by the worker
    followed_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("edit of the calendar")
        verbose_name_plural = _("edits of the calendar")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(followed_at=None), name="calendar_edit_to_follow"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.date:%d.%m.%Y} {self.get_mark_display()}"
