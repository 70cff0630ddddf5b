"""When activation opens, what an attempt may learn, and the life of an activation. Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.calendar import add_calendar_days
from policies.rules import AccessKind, AccessScope, ContractKind, is_adult


@dataclass(frozen=True)
class Opening:
    """From which day activation is possible, and how that day was found."""

    opens_on: date
    signed_on: date | None  # None: the register had no signing date
    waiting_days: int

    def is_open(self, today: date) -> bool:
        return today >= self.opens_on


def opening(
    *, signed_on: date | None, cover_starts_on: date, kind: ContractKind, waiting_days: Mapping[ContractKind, int]
) -> Opening:
    """NSK-03, NSK-04: calendar days from signing, the N-th day after it is the first open one (vector V15).

    The printed cover start never moves this day; it opens activation only where a register has no signing date.
    """
    if signed_on is None:
        return Opening(cover_starts_on, None, 0)
    days = waiting_days[kind]
    return Opening(add_calendar_days(signed_on, days), signed_on, days)


class Verdict(TextChoices):
    """What an attempt at step 1 leads to. LOCKED, REFUSED and ALREADY_ACTIVE look the same from outside."""

    LOCKED = "locked", _("not compared: too many attempts")
    ASKED_MORE = "asked_more", _("not compared: everybody is asked for a proof at once")
    REFUSED = "refused", _("ID and birth date do not match")
    ALREADY_ACTIVE = "already_active", _("already active")
    WAITING = "waiting", _("waiting period")
    PROVE = "prove", _("a second proof is needed")
    OPEN = "open", _("may go on")

    @property
    def is_neutral(self) -> bool:
        """NSK-21, NSK-22: one answer, so that a stranger learns nothing."""
        return self == Verdict.LOCKED or self.is_failure

    @property
    def was_compared(self) -> bool:
        return self not in (Verdict.LOCKED, Verdict.ASKED_MORE)

    @property
    def is_failure(self) -> bool:
        """Compared, and no way on: this is what the limits count."""
        return self in (Verdict.REFUSED, Verdict.ALREADY_ACTIVE)


def judge(*, opens: Opening, is_active: bool, has_contact: bool, was_undone: bool, today: date) -> Verdict:
    """The facts match; what now? `was_undone`: somebody wrong had this policy, so the two facts alone do not convince."""
    if is_active:
        return Verdict.ALREADY_ACTIVE
    if not opens.is_open(today):
        return Verdict.WAITING
    return Verdict.PROVE if has_contact or was_undone else Verdict.OPEN


class Proof(TextChoices):
    """What convinced us that the right person is there."""

    FACTS = "facts", _("ID and birth date")
    CONTACT_CODE = "contact_code", _("a code sent to the contact on file")
    CONTRACT_NUMBER = "contract_number", _("the contract or card number")
    OPERATOR_CODE = "operator_code", _("an operator’s one-time code")


def scope_for(proof: Proof, *, without_contact: AccessScope) -> AccessScope:
    """ID and birth date only find the record: what they open without more is the product's setting (decisions.md)."""
    return without_contact if proof == Proof.FACTS else AccessScope.FULL


def usual_kind(birth_date: date, *, today: date) -> AccessKind:
    """A minor's policy is activated by a parent, until somebody says otherwise."""
    return AccessKind.SELF if is_adult(birth_date, today=today) else AccessKind.GUARDIAN


def possible_kinds(birth_date: date, *, today: date, is_somebody_else: bool = False) -> list[AccessKind]:
    """Nobody is guardian of an adult. An account that is one person already (`is_somebody_else`) is no second one."""
    if is_adult(birth_date, today=today):
        kinds = [AccessKind.SELF, AccessKind.REPRESENTATIVE]
    else:
        kinds = [AccessKind.GUARDIAN, AccessKind.SELF]
    return [kind for kind in kinds if kind != AccessKind.SELF or not is_somebody_else]


# ── Limits (decisions.md, Activation) ────────────────────────────────────────
FAILURES_A_DAY = 5  # per ID
FAILURES_UNTIL_PROOF = 20  # per ID, since its last second proof
FAILURES_AN_HOUR_PER_SOURCE = 60  # loose: a mobile operator's customers share one address
PROOFS_A_DAY = 5  # per ID: guesses at the second proof
CODES_A_DAY = 5  # per ID: codes sent to the contact on file
BREAKER_FLOOR, BREAKER_SHARE = 100, 0.05  # failures a day per insurer
NUMBERS_A_DAY = 500  # per insurer: recoveries that failed; then contract and card numbers convince nobody there


def failures_of_id(insurer: str, key: str) -> tuple[str, str]:
    """Names of the two counters at the door of an ID, whether anybody has it or not: the day's and the lasting one."""
    name = f"activation:{insurer}:id:{key}"
    return f"{name}:day", name


def guesses_of_id(insurer: str, key: str) -> str:
    """Name of the counter of guesses at an ID's second proof."""
    return f"activation:{insurer}:proof:{key}"


def failures_at(insurer: str) -> str:
    """Name of the counter of the day's failures at all doors of an insurer."""
    return f"activation:{insurer}:failures"


def attempts_at(insurer: str) -> str:
    """Name of the counter of the day's attempts, the successful ones too."""
    return f"activation:{insurer}:attempts"


def breaker_is_open(*, failures: int, attempts: int) -> bool:
    """More failures this day than max(100, 5 % of the attempts): somebody is guessing, not mistyping (adr/0005)."""
    return failures > max(BREAKER_FLOOR, attempts * BREAKER_SHARE)


HOUR = timedelta(hours=1)  # the window of what is counted per source
DAY = timedelta(days=1)  # …per ID and per insurer
PASSAGE = timedelta(minutes=15)  # between the steps
LINK = timedelta(hours=72)  # the letter's link, and the browser that began
LETTER_EVERY, LETTERS_A_DAY = timedelta(minutes=3), 5
CODE = timedelta(minutes=10)  # a code sent to the contact on file
OPERATOR_CODE = timedelta(minutes=30)  # read out on the telephone
CODE_TRIES = 3  # wrong tries that kill a code


# ── The life of an activation ────────────────────────────────────────────────
class State(TextChoices):
    PENDING = "pending", _("letter sent")
    CONFIRMED = "confirmed", _("address confirmed")
    FINISHED = "finished", _("activated")
    SUPERSEDED = "superseded", _("replaced by a later one")
    EXPIRED = "expired", _("link ran out")
    UNDONE = "undone", _("undone")


class Event(TextChoices):
    CONFIRM = "confirm", _("address confirmed")
    FINISH = "finish", _("activated")
    SUPERSEDE = "supersede", _("replaced by a later one")
    EXPIRE = "expire", _("link ran out")
    UNDO = "undo", _("undone by an operator")


OPEN_STATES = (State.PENDING, State.CONFIRMED)

TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.PENDING, Event.CONFIRM): State.CONFIRMED,
    (State.CONFIRMED, Event.FINISH): State.FINISHED,
    (State.PENDING, Event.SUPERSEDE): State.SUPERSEDED,
    (State.CONFIRMED, Event.SUPERSEDE): State.SUPERSEDED,
    (State.PENDING, Event.EXPIRE): State.EXPIRED,
    (State.CONFIRMED, Event.EXPIRE): State.EXPIRED,
    (State.FINISHED, Event.UNDO): State.UNDONE,
}


class WrongMoment(Exception):
    """This cannot happen to an activation in its present state."""


def next_state(state: State, event: Event) -> State:
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise WrongMoment(f"{event} of an activation that is {state}") from None


# ── The operator (decisions.md, Activation: there is no activation by hand) ──
FILES_AN_HOUR = 50  # opened by one member of staff; more alert somebody (security.md, 2.13)


class Situation(TextChoices):
    """What the person meets now. The file says it in a sentence (templates/admin/activation/situation.html)."""

    ELSEWHERE = "elsewhere", _("activated outside this portal")
    ACTIVE = "active", _("activated")
    CONFIRMED = "confirmed", _("address confirmed")
    LETTER_SENT = "letter_sent", _("letter sent")
    LOCKED = "locked", _("locked")
    WAITING = "waiting", _("waiting period")
    PROOF_ASKED = "proof_asked", _("a second proof is asked")
    OPEN = "open", _("may be activated")


def situation(
    *, state: State | None, opens: Opening | None, is_locked: bool, has_contact: bool, today: date
) -> Situation:
    """`state` of the latest activation; no `opens`: the product has no door here. A letter's link works in spite of a lock."""
    standing = {
        State.FINISHED: Situation.ACTIVE,
        State.CONFIRMED: Situation.CONFIRMED,
        State.PENDING: Situation.LETTER_SENT,
    }
    if state in standing:
        return standing[state]
    if not opens:
        return Situation.ELSEWHERE
    if is_locked:
        return Situation.LOCKED
    if not opens.is_open(today):
        return Situation.WAITING
    return Situation.PROOF_ASKED if has_contact else Situation.OPEN


class Factor(Enum):
    """The second step of the account that has the policy."""

    NONE = "none"  # or a colleague's, which an administrator looks after
    SET_UP = "set up"
    SAID_LOST = "said lost"  # by one colleague; another confirms
    ON_ITS_WAY = "on its way"  # out: its day runs


class Act(TextChoices):
    """What an operator may do for a caller, each with a reason."""

    LETTER = "letter", _("Send the letter again")
    LOCK = "lock", _("Unlock")
    CODE = "code", _("Issue a one-time code")
    UNDO = "undo", _("Undo the activation")
    IIN = "iin", _("Show the full IIN")
    CONTACTS = "contacts", _("Show the contacts in full")
    FACTOR = "factor", _("Ask to lift a lost second step")
    FACTOR_CONFIRMED = "factor-confirmed", _("Confirm lifting the second step")


USEFUL_CODE = {
    Situation.CONFIRMED, Situation.LETTER_SENT, Situation.LOCKED, Situation.PROOF_ASKED, Situation.OPEN,
}  # fmt: skip


def acts_now(
    situation: Situation, *, is_locked: bool, has_iin: bool, has_contacts: bool, factor: Factor = Factor.NONE
) -> list[Act]:
    """Those that change something for the person; the others are not offered and not done."""
    makes_sense = {
        Act.LETTER: situation == Situation.LETTER_SENT,
        Act.LOCK: is_locked and situation not in (Situation.ACTIVE, Situation.ELSEWHERE),
        Act.CODE: situation in USEFUL_CODE,
        Act.UNDO: situation == Situation.ACTIVE,
        Act.IIN: has_iin,
        Act.CONTACTS: has_contacts,
        Act.FACTOR: factor == Factor.SET_UP,
        Act.FACTOR_CONFIRMED: factor == Factor.SAID_LOST,
    }
    return [act for act, does in makes_sense.items() if does]
