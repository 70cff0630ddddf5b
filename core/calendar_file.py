"""A day or an appointment for the person's own calendar, as an iCalendar file (RFC 5545, 5546)."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

from icalendar import Alarm, Calendar, Event


def day_event(*, uid: str, day: date, title: str, text: str, url: str, made_at: datetime) -> bytes:
    """A whole-day event with an alarm at nine that morning, local time. The same `uid` replaces an earlier file's event."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("description", text)
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm(title))
    calendar = Calendar()
    calendar.add("prodid", "-//portal//opening day//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()


def appointment(
    *, uid: str, number: int, method: Literal["REQUEST", "CANCEL"], starts_at: str, ends_at: str, title: str, text: str,
    url: str, organiser: str, guest: str, made_at: str,
) -> bytes:  # fmt: skip
    """Instants as ISO text, so that a message can wait with them. The highest `number` of a `uid` counts, and CANCEL takes
    the entry out of the calendar. `organiser` and `guest`: addresses, without which RFC 5546 knows no such message."""
    begins, ends, made = (datetime.fromisoformat(text).astimezone(UTC) for text in (starts_at, ends_at, made_at))
    event = Event()
    event.add("uid", uid)
    event.add("sequence", number)
    event.add("dtstamp", made)
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", title)
    event.add("description", text)
    event.add("url", url)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("organizer", f"mailto:{organiser}")
    event.add("attendee", f"mailto:{guest}")
    calendar = Calendar()
    calendar.add("prodid", "-//portal//appointment//")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return calendar.to_ical()


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(hours=9))
    return alarm
