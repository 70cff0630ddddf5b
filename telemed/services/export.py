"""The coordinators' figures and requests as files, in the reader's language: no names, nothing of what was said. That they
leave the house, and why, is told to the audit trail of each insurer whose requests are in them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from policies.gateways.sheets import Cell, Download, download
from policies.queries.scopes import Scope
from policies.rules import Rendering, Service
from policies.services.exports import note_export
from telemed.queries.figures import Report, report
from telemed.queries.requests import Exported, exported
from telemed.rules import Channel, Verdict
from telemed.rules.figures import MEASURES, Ending, Figures, Promise


def export_figures(*, scope: Scope, kind: str, reason: str, by: User, now: datetime) -> Download:
    """One line for each column of the page's tables; `kind` is a key of policies.gateways.sheets.TYPES."""
    note_export(gettext_noop("exported the figures of telemedicine"), scope=scope, kind=kind, reason=reason, by=by)
    return download(_figures(report(scope, now=now)), kind, name=f"figures-{scope.period.in_file_name}")


def export_requests(*, scope: Scope, kind: str, reason: str, by: User, now: datetime) -> Download:
    """One line a request. They are read while the file is sent."""
    note_export(gettext_noop("exported the list of requests to doctors"), scope=scope, kind=kind, reason=reason, by=by)
    return download(_requests(exported(scope, now=now)), kind, name=f"requests-{scope.period.in_file_name}")


# ── Figures ──────────────────────────────────────────────────────────────────
def _figures(report: Report) -> Iterator[list[Cell]]:
    yield [_("Insurer"), _("Programme"), _("Kind of consultation"), *(measure.heading for measure in MEASURES)]
    yield ["", "", "", *_measured(report.total)]
    for insurer, figures in report.by_insurer.items():
        yield [insurer.name, "", "", *_measured(figures)]
    for (insurer, programme), figures in report.by_programme.items():
        yield [insurer.name, programme or _("no cover"), "", *_measured(figures)]
    for service, figures in report.by_service.items():
        yield ["", "", str(service.label), *_measured(figures)]


def _measured(figures: Figures) -> list[Cell]:
    return [measure.in_cell(figures) for measure in MEASURES]


# ── Requests ─────────────────────────────────────────────────────────────────
def _requests(requests: Iterable[Exported]) -> Iterator[list[Cell]]:
    yield [
        _("Number"), _("Insurer"), _("Programme"), _("Kind of consultation"), _("Asked"), _("A doctor was due from"),
        _("First call"), _("Talk began"), _("Ended"), _("Channel"), _("Outcome"), _("Promise to call"),
        _("Counts as rendered"), _("Rendered"), _("Quality claim"), _("Price"), _("Currency"),
        _("Owed back"), _("Paid back on"), _("Reference of the payment back"),
    ]  # fmt: skip
    words = {
        kind: {one.value: str(one.label) for one in kind}
        for kind in (Service, Channel, Ending, Promise, Rendering, Verdict)
    }
    for one in requests:
        number = f"№ {one.number}"  # without the sign a spreadsheet takes 12E45678 for a very large number
        yield [
            number, one.insurer, one.programme or _("no cover"), words[Service][one.service], one.asked_at, one.due_from,
            one.first_called_at, one.began_at, one.ended_at, words[Channel].get(one.channel), words[Ending][one.ending],
            words[Promise][one.promise], words[Rendering].get(one.rendered_as), one.rendered_at,
            words[Verdict].get(one.verdict), one.price, one.currency, one.owed, one.paid_back_on,
            one.paid_back_by,
        ]  # fmt: skip
