"""What an operator meets and may do (decisions.md, Activation: there is no activation by hand)."""

from datetime import date
from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from activation.rules.doors import Opening
from activation.rules.life import State
from policies.rules import Door

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
    *,
    state: State | None,
    door: Door,
    opens: Opening | None,
    is_locked: bool,
    has_contact: bool,
    was_undone: bool,
    today: date,
) -> Situation:
    """`state` of the latest activation; no `opens`: activation is open at once. A letter's link works in spite of a lock."""
    standing = {
        State.FINISHED: Situation.ACTIVE,
        State.CONFIRMED: Situation.CONFIRMED,
        State.PENDING: Situation.LETTER_SENT,
    }
    if state in standing:
        return standing[state]
    if door == Door.ELSEWHERE:
        return Situation.ELSEWHERE
    if is_locked:
        return Situation.LOCKED
    if opens and not opens.is_open(today):
        return Situation.WAITING
    proof_is_asked = {
        Door.ID_AND_BIRTH_DATE: has_contact or was_undone,
        Door.OWN_NUMBER: has_contact or was_undone,
        Door.MOBILE: was_undone,  # usually the number that the door has proved is the contact
    }  # elsewhere a secret is among the facts
    return Situation.PROOF_ASKED if proof_is_asked.get(door) else Situation.OPEN


# What is the matter is said first: nobody can activate, then who waits for something, then who needs nothing.
URGENCY = [
    Situation.LOCKED, Situation.LETTER_SENT, Situation.CONFIRMED, Situation.PROOF_ASKED, Situation.OPEN, Situation.WAITING,
    Situation.ACTIVE, Situation.ELSEWHERE,
]  # fmt: skip


class Factor(Enum):
    """The second step of an account."""

    NONE = "none"  # or a colleague's, which an administrator looks after
    SET_UP = "set up"
    SAID_LOST = "said lost"  # by one colleague; another confirms
    ON_ITS_WAY = "on its way"  # out: its day runs


class Act(TextChoices):
    """What an operator may do for a caller, each with a reason: about the person, about one policy, about one account."""

    IIN = "iin", _("Show the full IIN")
    CONTACTS = "contacts", _("Show the contacts in full")
    LETTER = "letter", _("Send the letter again")
    LOCK = "lock", _("Unlock")
    CODE = "code", _("Issue a one-time code")
    UNDO = "undo", _("Undo the activation")
    DOOR = "door", _("See the activation as the client does")
    HOME = "home", _("See the cabinet as the client does")
    SESSIONS = "sessions", _("Sign out on every device")
    ACCESS = "access", _("End the access")
    FACTOR = "factor", _("Ask to lift a lost second step")
    FACTOR_CONFIRMED = "factor-confirmed", _("Confirm lifting the second step")


ABOUT_PERSON = (Act.IIN, Act.CONTACTS)
ABOUT_POLICY = (Act.LETTER, Act.LOCK, Act.CODE, Act.UNDO, Act.DOOR)
ABOUT_ACCOUNT = (Act.HOME, Act.SESSIONS, Act.ACCESS, Act.FACTOR, Act.FACTOR_CONFIRMED)
USEFUL_CODE = {
    Situation.CONFIRMED, Situation.LETTER_SENT, Situation.LOCKED, Situation.PROOF_ASKED, Situation.OPEN,
}  # fmt: skip


# ── Acts that change something for the person: the others are not offered and not done ─
def acts_on_person(*, has_iin: bool, has_contacts: bool) -> list[Act]:
    return _sensible({Act.IIN: has_iin, Act.CONTACTS: has_contacts})


def acts_on_policy(situation: Situation, *, is_locked: bool) -> list[Act]:
    return _sensible({
        Act.LETTER: situation == Situation.LETTER_SENT,
        Act.LOCK: is_locked and situation not in (Situation.ACTIVE, Situation.ELSEWHERE),
        Act.CODE: situation in USEFUL_CODE,
        Act.UNDO: situation == Situation.ACTIVE,
        Act.DOOR: situation != Situation.ELSEWHERE,
    })  # fmt: skip


def acts_on_account(*, sees: bool, has_activated: bool, has_sessions: bool, factor: Factor) -> list[Act]:
    """Of an account that `sees` the person now. What it has activated is undone instead: without its access the policy
    would be active for nobody and open to nobody."""
    return _sensible({
        Act.HOME: sees,
        Act.SESSIONS: sees and has_sessions,
        Act.ACCESS: sees and not has_activated,
        Act.FACTOR: sees and factor == Factor.SET_UP,
        Act.FACTOR_CONFIRMED: sees and factor == Factor.SAID_LOST,
    })  # fmt: skip


def _sensible(acts: dict[Act, bool]) -> list[Act]:
    return [act for act, makes_sense in acts.items() if makes_sense]
