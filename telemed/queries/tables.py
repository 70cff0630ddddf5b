"""A report as the page shows it: tables with a line for each measure, and two charts. No query."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.chart import Chart, Series
from core.dates import day_month
from core.measures import Table
from telemed.queries.figures import Report
from telemed.rules.figures import MEASURES, TERM_MINUTES, WAIT_STEPS, Ending, Figures, by_length

WITHOUT_A_TALK = (Ending.LEFT, Ending.NOT_REACHED, Ending.LATE, Ending.CANCELLED, Ending.UNPAID)


def tables(report: Report) -> list[Table]:
    """By insurer where there are several, by programme, by kind of consultation. Nothing where nobody has asked."""
    if not report.total.requests and not report.total.claims:
        return []
    shown = []
    if len(report.by_insurer) > 1:
        shown.append(_table(_("By insurer"), {insurer.name: of for insurer, of in report.by_insurer.items()}))
    shown.append(_table(_("By programme"), _by_programme(report)))
    shown.append(_table(_("By kind of consultation"), {str(kind.label): of for kind, of in report.by_service.items()}))
    return shown


def _by_programme(report: Report) -> dict[str, Figures]:
    """With the insurer's name where there are several."""
    several = len(report.by_insurer) > 1
    return {
        f"{insurer.name}: {name or _('no cover')}" if several else name or _("no cover"): figures
        for (insurer, name), figures in report.by_programme.items()
    }


def _table(title: str, columns: Mapping[str, Figures]) -> Table:
    rows = [(str(one.label), [one.in_words(figures) for figures in columns.values()]) for one in MEASURES]
    return Table(title, list(columns), rows)


# ── Charts ───────────────────────────────────────────────────────────────────
def charts(report: Report) -> list[dict[str, Any]]:
    """What the tag `chart` takes. Nothing where nobody has asked."""
    if not report.total.requests:
        return []
    units = {"hour": _("Hour"), "day": _("Day"), "week": _("Week from"), "month": _("Month from")}
    over_time = {"id": "requests", "title": _("Requests"), "of": units[report.parts.unit], "drawn": _over_time(report)}
    if not report.total.waits:
        return [over_time]
    return [over_time, {"id": "waits", "title": _("Waiting"), "of": _("Waited"), "drawn": _waits(report.total)}]


def _over_time(report: Report) -> Chart:
    of_parts = [figures.endings for figures in report.over_time]
    return Chart(
        [_part_in_words(report.parts.unit, begins) for begins in report.parts.starts],
        [
            Series(_("talks"), [endings[Ending.TALK] for endings in of_parts]),
            Series(_("still open"), [endings[Ending.OPEN] for endings in of_parts]),
            Series(_("ended without a talk"), [sum(endings[one] for one in WITHOUT_A_TALK) for endings in of_parts]),
        ],
    )


def _part_in_words(unit: str, begins: datetime) -> str:
    return f"{begins:%H:%M}" if unit == "hour" else day_month(begins.date())


def _waits(figures: Figures) -> Chart:
    """The first bars are within the term, the others beyond it."""
    counted, in_term = by_length(figures.waits), WAIT_STEPS.index(TERM_MINUTES) + 1
    labels = [_("up to %(minutes)s min") % {"minutes": minutes} for minutes in WAIT_STEPS]
    labels.append(_("over %(minutes)s min") % {"minutes": WAIT_STEPS[-1]})
    beyond = len(counted) - in_term
    return Chart(
        labels,
        [
            Series(_("within %(minutes)s minutes") % {"minutes": TERM_MINUTES}, [*counted[:in_term], *[0] * beyond]),
            Series(_("later"), [*[0] * in_term, *counted[in_term:]]),
        ],
    )
