"""When a doctor is to be had: weekly hours (and extra ones of a single date), absences. `rules.slots` makes times of them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    IntegerRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from core.hours import MIDNIGHT, clock
from policies.rules import Service
from telemed.models.doctors import Doctor
from telemed.rules import slots

LEAST_SLOT, LONGEST_SLOT = 30, 120  # minutes. TM-38: a talk lasts up to 30


class Dates(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class Minutes(Func):
    function = "INT4RANGE"
    output_field = IntegerRangeField()


class Hours(models.Model):
    """Minutes are from midnight on the wall of the organisation, 1440 ends the day. Extra hours of one date have it as
    `since` and as `until`."""

    doctor = models.ForeignKey(Doctor, models.CASCADE, related_name="hours", verbose_name=_("doctor"))
    weekday = models.PositiveSmallIntegerField(_("weekday"))  # Monday is 0
    opens = models.PositiveSmallIntegerField(_("from"))
    closes = models.PositiveSmallIntegerField(_("to"))
    break_from = models.PositiveSmallIntegerField(_("break from"), null=True, blank=True)
    break_until = models.PositiveSmallIntegerField(_("break to"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes a time"), default=30)
    services = ArrayField(models.CharField(max_length=20, choices=Service.choices), verbose_name=_("services"))
    since = models.DateField(_("valid from"))
    until = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("hours")
        verbose_name_plural = _("hours")
        ordering = ["weekday", "opens"]
        constraints = [
            ExclusionConstraint(
                name="hours_of_a_doctor_never_overlap",
                expressions=[
                    ("doctor", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (Minutes(F("opens"), F("closes")), RangeOperators.OVERLAPS),
                    (
                        Dates(F("since"), F("until"), RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(condition=Q(weekday__lt=7), name="hours_on_a_weekday"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens"), closes__lte=MIDNIGHT), name="hours_close_after_they_open"
            ),
            models.CheckConstraint(
                condition=Q(break_from=None, break_until=None)
                | Q(break_from__gte=F("opens"), break_until__gt=F("break_from"), break_until__lte=F("closes")),
                name="hours_have_their_break_inside",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=LEAST_SLOT, minutes__lte=LONGEST_SLOT), name="hours_have_room_for_a_talk"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="hours_end_after_they_begin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.doctor}: {self.weekday + 1}, {clock(self.opens)}–{clock(self.closes)}"

    @property
    def in_words(self) -> str:
        """«Понедельник, 9:00–17:00», in the active language."""
        return f"{str(WEEKDAYS[self.weekday]).capitalize()}, {clock(self.opens)}–{clock(self.closes)}"

    @property
    def rest(self) -> tuple[str, str] | None:
        """The break, by the clock on the wall."""
        if self.break_from is None or self.break_until is None:
            return None
        return clock(self.break_from), clock(self.break_until)

    @property
    def rule(self) -> slots.Hours:
        return slots.Hours(*(getattr(self, field) for field in RULE))


RULE = ("weekday", "opens", "closes", "minutes", "since", "until", "break_from", "break_until")  # as rules.slots.Hours


class Absence(models.Model):
    """Nobody is booked then: holidays, illness, a conference."""

    doctor = models.ForeignKey(Doctor, models.CASCADE, related_name="absences", verbose_name=_("doctor"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["doctor", "ends_at"], name="absence_of_doctor")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return f"{self.doctor}: {self.starts_at:%d.%m.%Y %H:%M}–{self.ends_at:%d.%m.%Y %H:%M}"
