from core.calendar import WorkingCalendar
from core.models import CalendarDay


def load_calendar(country: str) -> WorkingCalendar:
    """The library's days with those that staff marked by hand."""
    marked = CalendarDay.objects.filter(country=country).values_list("date", "kind")
    return WorkingCalendar(country, {day: kind == CalendarDay.Kind.WORK for day, kind in marked})
