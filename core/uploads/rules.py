"""The life of a file that somebody sent, how much of it there may be, and in words why it is not taken
(security.md, 2.6). Values in, values out: no clock."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from core.errors import InputError
from core.uploads.inspection import MIB, Refusal

MOST_BYTES = 20 * MIB  # U1
MOST_FILES = 50  # U1, of one collection
MOST_BYTES_OF_OWNER = 500 * MIB  # U1
MOST_A_DAY = 200  # of one owner, refused ones among them: each may cost a worker its seconds
MOST_AT_ONCE = 100 * MIB  # of one request: a form without JavaScript sends its files together

JOB = "files"  # of the workers who check them and delete what nobody needs (core.rows)

ABANDONED_AFTER = timedelta(days=7)  # nobody attached it; what was refused stays as long, for whoever asks why

# A claim moves the next try by the lease, which is longer than antivirus and inspection take together.
LEASE = timedelta(minutes=6)
MOST_TRIES = 3  # of workers that died over one file; then it is the file's fault
PAUSE = timedelta(minutes=1)  # when something of ours is away; it never passes unchecked, and is never given up


class State(TextChoices):
    QUARANTINED = "quarantined", _("Being checked")
    CLEAN = "clean", _("Checked and accepted")
    REFUSED = "refused", _("Not accepted")
    FORGOTTEN = "forgotten", _("Deleted")  # the row stays for its history; its files and its name do not


class Event(TextChoices):
    RECEIVE = "receive", _("received")
    PASS = "pass", _("passed the check")
    REFUSE = "refuse", _("did not pass the check")
    WITHDRAW = "withdraw", _("taken back by its sender")
    EXPIRE = "expire", _("deleted: nobody needed it")


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.QUARANTINED, Event.PASS): State.CLEAN,
    (State.QUARANTINED, Event.REFUSE): State.REFUSED,
    **{(state, Event.WITHDRAW): State.FORGOTTEN for state in (State.QUARANTINED, State.CLEAN, State.REFUSED)},
    **{(state, Event.EXPIRE): State.FORGOTTEN for state in (State.QUARANTINED, State.CLEAN, State.REFUSED)},
}
LIVING = (State.QUARANTINED, State.CLEAN)  # they count, and the same file twice in one collection is one


class WrongMoment(Exception):
    """The upload's life has no such way from here: somebody was faster, or a page was old."""


def next_state(state: State, event: Event) -> State:
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise WrongMoment(f"{state} has no way {event}") from None


@dataclass(frozen=True)
class Collection:
    """Files that belong together: those of one request, one claim.

    `scope` is the insurer's slug, `key` names the kind and the object: "telemed.request:‹public_id›", up to 80 characters.
    """

    scope: str
    key: str
    most_files: int = MOST_FILES

    @property
    def topic(self) -> str:
        """What core.live announces when one of its files moved."""
        return f"uploads:{self.scope}:{self.key}"


# ── At the door: nothing is kept ─────────────────────────────────────────────
def check_size(size: int) -> None:
    """Raise InputError."""
    if not size:
        raise InputError("empty", _gettext("The file is empty. Choose it once more, or take the picture again."))
    if size > MOST_BYTES:
        words = _gettext(
            "The file is larger than %(most)s MB. Choose a smaller one, or photograph the pages one by one."
        )
        raise InputError("too_large", words % {"most": MOST_BYTES // MIB})


def check_room(*, size: int, files: int, most_files: int, owners_bytes: int) -> None:
    """`files` are in the collection already, `owners_bytes` are kept for whoever sends. Raise InputError."""
    if files >= most_files:
        words = _gettext("There are %(most)s files already, and more cannot be taken. Take one away first, or call us.")
        raise InputError("too_many", words % {"most": most_files})
    if owners_bytes + size > MOST_BYTES_OF_OWNER:
        words = _gettext("Your files fill the %(most)s MB that we keep for one person. Take some away, or call us.")
        raise InputError("no_room", words % {"most": MOST_BYTES_OF_OWNER // MIB})


def too_often() -> InputError:
    words = _gettext("That was %(most)s files today. Send the others tomorrow, or call us.")
    return InputError("too_often", words % {"most": MOST_A_DAY})


# ── After the check ──────────────────────────────────────────────────────────
REASONS: dict[Refusal, Promise] = {
    Refusal.KIND: _(
        "We take photos (JPEG, PNG, HEIC) and PDF. Photograph the paper, or save the document as a PDF, and send that."
    ),
    Refusal.DICOM: _(
        "This is a scan in DICOM format. Send the picture as a JPEG or PDF: ask the clinic for it, or photograph the screen."
    ),
    Refusal.BROKEN: _(
        "The file is damaged or did not arrive whole. Take the picture again, or save the document anew."
    ),
    Refusal.TOO_MANY_PIXELS: _("The picture has more than 50 megapixels. Photograph it with ordinary settings."),
    Refusal.ENCRYPTED: _("The PDF opens with a password only. Save it without the password, or photograph its pages."),
    Refusal.TOO_MANY_PAGES: _("The PDF has more than 200 pages. Send it in parts."),
    Refusal.TOO_HEAVY: _(
        "We cannot look through all of it: it is damaged, or unpacks to too much. Send its pages as photos."
    ),
    Refusal.INFECTED: _("The antivirus found a virus in it. Check your device, and send a photo of the paper instead."),
    Refusal.FAILED: _("It could not be checked. Send it as a photo or as another PDF."),
}
