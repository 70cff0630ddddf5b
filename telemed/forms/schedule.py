"""A doctor's hours and absences, on the wall of the organisation."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from core.fields import DateBoxesField
from core.hours import MIDNIGHT
from policies.rules import Service
from telemed.models import Absence, Hours
from telemed.models.schedule import LEAST_SLOT, LONGEST_SLOT

BOOKED = (Service.PLANNED_GP, Service.SPECIALIST, Service.SECOND_OPINION)


class ClockField(forms.TimeField):
    """«9:00»; minutes from midnight. 0:00 as an end is the end of the day."""

    widget = forms.TextInput({"class": "w5", "inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, ends: bool = False, **options: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H.%M"], **options)
        self.ends = ends

    def clean(self, value: Any) -> int | None:
        at = super().clean(value)
        if at is None:
            return None
        minutes = at.hour * 60 + at.minute
        return MIDNIGHT if self.ends and not minutes else minutes


class HoursForm(forms.Form):
    weekday = forms.TypedChoiceField(label=_("Weekday"), coerce=int, choices=list(WEEKDAYS.items()))
    opens = ClockField(label=_("From"), help_text=_("For example 9:00"))
    closes = ClockField(label=_("To"), ends=True)
    break_from = ClockField(label=_("Break from"), required=False)
    break_until = ClockField(label=_("Break to"), required=False)
    minutes = forms.IntegerField(
        label=_("Minutes for a talk"), min_value=LEAST_SLOT, max_value=LONGEST_SLOT, initial=LEAST_SLOT,
        widget=forms.NumberInput({"class": "w5"}),
    )  # fmt: skip
    services = forms.MultipleChoiceField(
        label=_("For what"), choices=[(service.value, service.label) for service in BOOKED],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    since = DateBoxesField(label=_("First day"))
    until = DateBoxesField(
        label=_("Last day"), required=False, help_text=_("The same as the first one: hours of this one day only")
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        opens, closes = given.get("opens"), given.get("closes")
        rests = (given.get("break_from"), given.get("break_until"))
        if opens is not None and closes is not None and closes <= opens:
            self.add_error("closes", _("The end is later than the beginning"))
        elif None in rests and rests != (None, None):
            self.add_error("break_until", _("A break has a beginning and an end"))
        elif opens is not None and closes is not None and not _lies_inside(rests, opens, closes):
            self.add_error("break_until", _("The break lies inside the hours"))
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", _("The last day is not before the first"))
        return given

    def hours(self, doctor: Any) -> Hours:
        return Hours(doctor=doctor, **self.cleaned_data)


def _lies_inside(rests: tuple[int | None, int | None], opens: int, closes: int) -> bool:
    """Also where there is no break."""
    begins, ends = rests
    return begins is None or ends is None or opens <= begins < ends <= closes


class AbsenceForm(forms.Form):
    first = DateBoxesField(label=_("First day"))
    last = DateBoxesField(label=_("Last day"))
    opens = ClockField(label=_("From"), required=False, help_text=_("Empty: the whole day"))
    closes = ClockField(label=_("To"), ends=True, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("first") and given.get("last"):
            if given["last"] < given["first"]:
                self.add_error("last", _("The last day is not before the first"))
            elif given["first"] == given["last"] and (given.get("closes") or MIDNIGHT) <= (given.get("opens") or 0):
                self.add_error("closes", _("The end is later than the beginning"))
        return given

    def absence(self, doctor: Any, zone: ZoneInfo) -> Absence:
        given = self.cleaned_data
        starts_at = _at(given["first"], given["opens"] or 0, zone)
        return Absence(
            doctor=doctor, starts_at=starts_at, ends_at=_at(given["last"], given["closes"] or MIDNIGHT, zone)
        )


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """By the clock on the wall."""
    return (datetime.combine(day, time()) + timedelta(minutes=minute)).replace(tzinfo=zone)
