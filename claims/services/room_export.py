"""The room's figures and decisions as files, in the reader's language, without names. That they leave the house, and why, is
told to the audit trail of each insurer in them."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from claims.models import Decision
from claims.queries.desk.figures import Report, decided_rows, report
from claims.rules.events import InsuredEvent
from claims.rules.figures import MEASURES, Figures
from policies.gateways.sheets import Cell, Download, download
from policies.queries.scopes import Scope
from policies.services.exports import note_export

PORTION = 2_000  # rows that lie in memory at a time


def export_figures(*, scope: Scope, kind: str, reason: str, by: User, now: datetime) -> Download:
    """One line for each column of the page's tables; `kind` is a key of policies.gateways.sheets.TYPES."""
    note_export(gettext_noop("exported the figures of claims"), scope=scope, kind=kind, reason=reason, by=by)
    return download(_figures(report(scope, now=now)), kind, name=f"claims-figures-{scope.period.in_file_name}")


def export_decisions(*, scope: Scope, kind: str, reason: str, by: User, now: datetime) -> Download:
    """One line a decision. They are read while the file is sent."""
    note_export(
        gettext_noop("exported the list of decisions about claims"), scope=scope, kind=kind, reason=reason, by=by
    )
    return download(_decisions(scope), kind, name=f"claims-decisions-{scope.period.in_file_name}")


def _figures(found: Report) -> Iterator[list[Cell]]:
    yield [_("Insurer"), _("Programme"), _("Event"), *(measure.heading for measure in MEASURES)]
    yield ["", "", "", *_measured(found.total)]
    for insurer, figures in found.by_insurer.items():
        yield [insurer.name, "", "", *_measured(figures)]
    for (insurer, programme), figures in found.by_programme.items():
        yield [insurer.name, programme or _("not found yet"), "", *_measured(figures)]
    for event, figures in found.by_event.items():
        yield ["", "", str(InsuredEvent(event).label), *_measured(figures)]


def _measured(figures: Figures) -> list[Cell]:
    return [measure.in_cell(figures) for measure in MEASURES]


def _decisions(scope: Scope) -> Iterator[list[Cell]]:
    yield [
        _("Claim"), _("Insurer"), _("Programme"), _("Event"), _("Day of the event"), _("Notice"), _("Review since"),
        _("Decided"), _("Decision"), _("Ground"), _("Clause"), _("Amount"), _("Currency"),
    ]  # fmt: skip
    for one in decided_rows(scope).iterator(PORTION):
        yield _line(one)


def _line(one: Decision) -> list[Cell]:
    claim, policy = one.claim, one.claim.policy
    return [
        claim.number_shown, claim.insurer.name, policy.product_version.name if policy else "", claim.get_event_display(),
        claim.event_on, claim.notified_on, one.review.since, one.decided_on, one.get_outcome_display(), one.ground, one.clause,
        one.amount, one.currency,
    ]  # fmt: skip
