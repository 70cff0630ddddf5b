"""The life of a register: its states, what ends it early, how large it may be."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Registers: decisions.md; security.md, 2.11.
MIB = 1024**2
MOST_CSV_BYTES = 400 * MIB
MOST_CSV_ROWS = 1_000_000
MOST_XLSX_BYTES = 20 * MIB
MOST_XLSX_UNPACKED = 200 * MIB
MOST_XLSX_RATIO = 100
MOST_XLSX_ROWS = 200_000
MOST_COLUMNS = 100
LONGEST_LINE = MIB  # characters
HEADER_WITHIN = 20  # rows: titles and dates may stand above the header

MOST_TRIES = 3  # of a worker that died or failed over one register; then a person is told
ROWS_KEPT = timedelta(days=90)  # after the end; the file itself stays


class State(TextChoices):
    RECEIVED = "received", _("received")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked, waits for a decision")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied")
    DISCARDED = "discarded", _("discarded")
    UNREADABLE = "unreadable", _("could not be read")


class Event(TextChoices):
    RECEIVE = "receive", _("uploaded")
    BEGIN = "begin", _("check begun")
    CHECK = "check", _("checked")
    REJECT = "reject", _("found unreadable")
    CONFIRM = "confirm", _("confirmed")
    APPLY = "apply", _("applied")
    GIVE_UP = "give_up", _("not applied: the work failed")
    DISCARD = "discard", _("discarded")


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.RECEIVED, Event.BEGIN): State.CHECKING,
    (State.CHECKING, Event.CHECK): State.CHECKED,
    (State.CHECKING, Event.REJECT): State.UNREADABLE,
    (State.CHECKED, Event.CONFIRM): State.APPLYING,
    (State.CHECKED, Event.DISCARD): State.DISCARDED,
    (State.APPLYING, Event.APPLY): State.APPLIED,
    (State.APPLYING, Event.GIVE_UP): State.CHECKED,
}
BUSY = (State.RECEIVED, State.CHECKING, State.APPLYING)
ENDED = (State.APPLIED, State.DISCARDED, State.UNREADABLE)
CONFIRMED = (State.APPLYING, State.APPLIED)
COUNTED = (State.CHECKED, State.APPLYING, State.APPLIED, State.DISCARDED)


class WrongMoment(Exception):
    """The register's life has no such way from here: somebody was faster, or a page was old."""


def next_state(state: State, event: Event) -> State:
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise WrongMoment(f"{state} has no way {event}") from None


class Outcome(TextChoices):
    """What becomes of one row."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    REFUSED = "refused", _("refused")


class Unreadable(Exception):
    """The file as a whole is no register. `reason` is a key of REASONS, `what` names the columns or numbers it is about."""

    def __init__(self, reason: str, *what: str) -> None:
        super().__init__(reason, *what)
        self.reason = reason
        self.what = what

    @property
    def words(self) -> str:
        """In the reader's language."""
        return str(REASONS[self.reason]) % {"what": ", ".join(self.what)}


REASONS: dict[str, Promise] = {
    "empty": _("The file is empty."),
    "kind": _("This is neither a CSV nor an XLSX file. Save the table as “CSV UTF-8” or “XLSX” and upload that."),
    "old_excel": _("This is an old XLS file or one with a password. Save it as XLSX without a password."),
    "broken": _("The file is damaged: it cannot be unpacked. Save it again in the spreadsheet and upload that."),
    "macros": _("The workbook holds macros. Save it as an ordinary XLSX workbook."),
    "links": _("The workbook refers to other files. Break the links, so that only values are left."),
    "too_large": _("The file is larger than %(what)s MB. Split it into parts, or save it as CSV."),
    "days_of_1904": _("The workbook counts its days from 1904, as old Mac spreadsheets do. Save it as “CSV UTF-8”."),
    "bomb": _("The workbook unpacks to far more than it shows. Copy the table into a new workbook and save that."),
    "too_many_rows": _("The table has more than %(what)s rows, empty ones included. Split it, or save it as CSV."),
    "too_many_columns": _("The table has more than %(what)s columns. Leave only the columns of a register."),
    "quotes": _("Near line %(what)s a quotation mark is opened and not closed."),
    "long_line": _("Line %(what)s is longer than any row of a table: its line breaks are lost. Save the table again."),
    "no_header": _(
        "No row of the first 20 names the columns. The first row of the table names them, for example: ID, Surname."
    ),
    "twice": _("Two columns mean the same: %(what)s. Leave one of them."),
    "missing_columns": _("Columns are missing: %(what)s. Nothing was read; add them and upload the file again."),
    "no_rows": _("There is a header and no rows below it."),
    "failed": _("The check failed three times, and not because of the file's content. Tell the administrators."),
}
