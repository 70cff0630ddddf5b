"""A report as the page shows it: tables with a line for each measure, and charts. No query."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.queries.desk.figures import Report
from claims.rules.events import InsuredEvent
from claims.rules.figures import MEASURES, Figures
from claims.rules.life import Outcome
from claims.rules.refusals import BASES, Ground
from core.chart import Chart, Series
from core.dates import day_month
from core.measures import Table


def tables(report: Report) -> list[Table]:
    """By insurer where there are several, by programme, by event. Nothing where there is nothing."""
    if report.total.is_empty:
        return []
    shown = []
    if len(report.by_insurer) > 1:
        shown.append(_table(_("By insurer"), {insurer.name: of for insurer, of in report.by_insurer.items()}))
    if report.by_programme:
        shown.append(_table(_("By programme"), _by_programme(report)))
    if report.by_event:
        shown.append(
            _table(_("By event"), {str(InsuredEvent(event).label): of for event, of in report.by_event.items()})
        )
    return shown or [_table(_("All together"), {_("All together"): report.total})]


def _by_programme(report: Report) -> dict[str, Figures]:
    """With the insurer's name where there are several."""
    several = len(report.by_insurer) > 1
    return {
        f"{insurer.name}: {name or _('not found yet')}" if several else name or _("not found yet"): figures
        for (insurer, name), figures in report.by_programme.items()
    }


def _table(title: str, columns: Mapping[str, Figures]) -> Table:
    rows = [(str(one.label), [one.in_words(figures) for figures in columns.values()]) for one in MEASURES]
    return Table(title, list(columns), rows)


# ── Charts ───────────────────────────────────────────────────────────────────
def charts(report: Report) -> list[dict[str, Any]]:
    """What the tag `chart` takes: what came, what was decided, what was refused and why."""
    units = {"hour": _("Day"), "day": _("Day"), "week": _("Week from"), "month": _("Month from")}
    of, shown = units[report.parts.unit], []
    if report.total.received:
        shown.append({"id": "received", "title": _("Claims received"), "of": of, "drawn": _received(report)})
    if report.total.decided:
        shown.append({"id": "decided", "title": _("Decisions"), "of": of, "drawn": _decided(report)})
    if report.total.grounds:
        grounds = {
            "id": "grounds",
            "title": _("Refusals by ground"),
            "of": _("Ground"),
            "drawn": _grounds(report.total),
        }
        shown.append(grounds)
    return shown


def _received(report: Report) -> Chart:
    series = [
        Series(str(event.label), [figures.received[event] for figures in _parts(report)]) for event in InsuredEvent
    ]
    return Chart(_bars(report), series)


def _decided(report: Report) -> Chart:
    series = [
        Series(str(outcome.label), [figures.outcomes[outcome] for figures in _parts(report)]) for outcome in Outcome
    ]
    return Chart(_bars(report), series)


def _grounds(figures: Figures) -> Chart:
    """In the order of the rules."""
    met = [ground for ground in Ground if figures.grounds[ground]]
    bars = [f"{BASES[ground].clause} {ground.label}" for ground in met]
    return Chart(bars, [Series(_("refused"), [figures.grounds[ground] for ground in met])])


def _parts(report: Report) -> list[Figures]:
    """A day has no hours here: what came and what was decided are days."""
    return [report.total] if report.parts.unit == "hour" else report.over_time


def _bars(report: Report) -> list[str]:
    starts: list[datetime] = list(report.parts.starts)
    return [day_month(begins.date()) for begins in (starts[:1] if report.parts.unit == "hour" else starts)]
