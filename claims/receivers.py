"""What claims do when the calendar is edited (core.calendar_edits)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.queries.calendar import Moved, moves
from claims.rules.clock import NEVER
from claims.rules.life import JOB
from claims.services.calendar import note_edit
from core.calendar import WorkingCalendar
from core.calendar_edits import Consequence
from core.dates import short_date
from core.rows.viewers import working


def look_ahead(sender: Any, before: WorkingCalendar, after: WorkingCalendar, **more: Any) -> Consequence | None:
    """Which claims' days would move. Whoever edits the calendar sees numbers and days, and no names."""
    with working(JOB):
        found = moves(before=before, after=after)
    if not found.count:
        return None
    title = ngettext("The dates of %(count)s claim move", "The dates of %(count)s claims move", found.count)
    return Consequence(
        title=title % {"count": found.count}, count=found.count, heading=(_("Claim"), _("Now"), _("Then")),
        rows=[_in_words(one) for one in found.first],
    )  # fmt: skip


def _in_words(one: Moved) -> tuple[str, str, str]:
    days = (short_date(day) if day < NEVER else "–" for day in (one.before, one.after))
    return (one.claim.number_shown, *days)  # type: ignore[return-value]


def follow_calendar(sender: Any, **facts: Any) -> None:
    note_edit(**{name: facts[name] for name in ("country", "date", "mark", "note", "seen", "by", "now")})
