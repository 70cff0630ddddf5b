"""Who of a firm's people is enrolled, as a file for its HR: CSV or XLSX, in the reader's language."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from activation.rules import Enrolled
from core.dates import short_date
from policies.gateways import sheets
from policies.gateways.sheets import Cell, Download


def download(people: Iterable[Enrolled], kind: str, *, today: date) -> Download:
    """`kind` is a key of policies.gateways.sheets.TYPES."""
    return sheets.download(_rows(people), kind, name=f"enrolment-{today:%Y-%m-%d}")


def _rows(people: Iterable[Enrolled]) -> Iterator[list[Cell]]:
    yield [_("Name"), _("Activated"), _("Since"), _("Address that refused the letter")]
    for person in people:
        since = short_date(person.since) if person.since else ""
        yield [person.name, _("yes") if person.since else _("no"), since, person.refused_email]
