"""A day for the person's own calendar, as an iCalendar file."""

from datetime import UTC, date, datetime, timedelta

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


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(hours=9))
    return alarm
