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
    facts_alone = door == Door.ID_AND_BIRTH_DATE  # elsewhere a secret is among them
    return Situation.PROOF_ASKED if facts_alone and (has_contact or was_undone) else Situation.OPEN


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
