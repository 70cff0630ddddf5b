"""Whom to call, as a page shows it: a number, its hours, and whether anybody answers now."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.hours import OpenState, clock


@dataclass(frozen=True)
class HelpLine:
    """`phone` as people read it, `tel` as it is dialled (short numbers too); `hours` one line each."""

    label: str
    phone: str = ""
    tel: str = ""
    email: str = ""
    hours: tuple[str, ...] = ()
    now: str = ""
    open: bool = False


def portal_lines() -> list[HelpLine]:
    """The number that answers for the whole portal (PORTAL_PHONE); nothing where none is set."""
    brand = settings.PORTAL_BRAND
    if not brand["phone"]:
        return []
    hours = (brand["hours"],) if brand["hours"] else ()
    return [HelpLine(label=str(brand["name"]), phone=brand["phone"], tel=dialled(brand["phone"]), hours=hours)]


def dialled(phone: str) -> str:
    """«+7 (727) 258-18-00» as a link dials it."""
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


def opening_sentence(state: OpenState, now: datetime) -> str:
    """«around the clock», «open now until 21:00», «closed now, opens tomorrow at 9:00», «… on Monday at 9:00».

    `now` and `state.changes_at` share a time zone. Nothing is said where no change is known.
    """
    if state.around_clock:
        return _("around the clock")
    if state.changes_at is None:
        return ""
    time = clock(state.changes_at.hour * 60 + state.changes_at.minute)
    if state.open:
        return _("open now until %(time)s") % {"time": time}
    day = day_word(state.changes_at, now)
    return _("closed now, opens %(day)s at %(time)s") % {"day": day, "time": time}


def day_word(at: datetime, now: datetime) -> str:
    days = (at.date() - now.date()).days
    if days == 0:
        return pgettext("opens", "today")
    if days == 1:
        return pgettext("opens", "tomorrow")
    return (
        pgettext("opens", "on Monday"),
        pgettext("opens", "on Tuesday"),
        pgettext("opens", "on Wednesday"),
        pgettext("opens", "on Thursday"),
        pgettext("opens", "on Friday"),
        pgettext("opens", "on Saturday"),
        pgettext("opens", "on Sunday"),
    )[at.weekday()]
