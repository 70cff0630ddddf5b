"""What each act does, what the page says afterwards, and the reasons that are usual for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activation.queries import AccountFile, PersonPage, PolicyFile
from activation.rules import Act, WrongMoment
from activation.services import operate, operate_accounts
from policies.models import Person
from policies.services import looks

Subject = PersonPage | PolicyFile | AccountFile
Shown = dict[str, Any]  # what the answer shows this one time, by name


@dataclass(frozen=True)
class Order:
    """An operator's act, as the form says it."""

    act: Act
    subject: Any  # a Subject: which of them follows from the act
    person: Person
    by: User
    reason: str
    now: datetime
    seen: int

    @property
    def why(self) -> dict[str, Any]:
        return {"by": self.by, "reason": self.reason}

    @property
    def at_door(self) -> dict[str, Any]:
        return {**self.why, "now": self.now, "seen": self.seen}

    @property
    def of_account(self) -> dict[str, Any]:
        return {**self.why, "user": self.subject.user, "person": self.person}


# ── About the person ─────────────────────────────────────────────────────────
def reveal(order: Order) -> Shown:
    return operate.reveal(person=order.person, what=order.act, **order.why)


# ── About a policy ───────────────────────────────────────────────────────────
def send_letter(order: Order) -> None:
    if not operate.resend_letter(activation=order.subject.activation, **order.at_door):
        raise WrongMoment("there is nothing to confirm any more")


def unlock(order: Order) -> None:
    operate.unlock(policy=order.subject.policy, **order.at_door)


def issue_code(order: Order) -> Shown:
    code = operate.issue_code(policy=order.subject.policy, **order.at_door)
    return {"code": f"{code[:4]} {code[4:]}"}


def undo(order: Order) -> None:
    operate.undo_activation(activation=order.subject.activation, **order.at_door)


def see_door(order: Order) -> Shown:
    looks.look_at_activation(person=order.person, policy=order.subject.policy.insured_id, **order.why)
    return {}


# ── About an account ─────────────────────────────────────────────────────────
def see_home(order: Order) -> Shown:
    looks.look_at_cabinet(person=order.person, user=order.subject.user, **order.why)
    return {}


def end_sessions(order: Order) -> None:
    operate_accounts.end_sessions(**order.of_account)


def end_access(order: Order) -> None:
    operate_accounts.end_access(**order.of_account, now=order.now)


def ask_to_lift_factor(order: Order) -> None:
    operate_accounts.ask_to_lift_factor(**order.of_account, now=order.now)


def confirm_lifting(order: Order) -> None:
    operate_accounts.confirm_lifting(**order.of_account, now=order.now)


@dataclass(frozen=True)
class Deed:
    do: Callable[[Order], Shown | None]
    done: Any = ""  # what the page says afterwards; nothing where the answer itself shows something
    reasons: list[Any] = field(default_factory=list)


CALLER_KNEW = _("The caller named the full name, birth date and contract number")
COMPARE = _("To compare with what the caller names")
LEAD = [_("To lead the caller by what stands on the screen"), _("To find out why the caller cannot go on")]
DEEDS = {
    Act.IIN: Deed(reveal, reasons=[COMPARE, _("The insurer asks for it in writing")]),
    Act.CONTACTS: Deed(reveal, reasons=[COMPARE, _("To find a mistake in the address")]),
    Act.LETTER: Deed(
        send_letter,
        _("The letter is on its way. The link in the earlier one no longer works."),
        [_("The letter did not come"), _("The link ran out"), _("The letter was lost")],
    ),
    Act.LOCK: Deed(
        unlock,
        _("Unlocked. The caller may try again."),
        [CALLER_KNEW, _("The caller mistyped the ID or the birth date")],
    ),
    Act.CODE: Deed(issue_code, reasons=[CALLER_KNEW, _("The phone on file is not the caller’s any more")]),
    Act.UNDO: Deed(
        undo,
        _("The activation is undone. The policy can be activated again."),
        [
            _("Somebody else activated the policy"),
            _("Activated with a wrong e-mail"),
            _("Activated for the wrong person"),
        ],
    ),
    Act.DOOR: Deed(see_door, reasons=LEAD),
    Act.HOME: Deed(see_home, reasons=LEAD),
    Act.SESSIONS: Deed(
        end_sessions,
        _("The account is signed out on every device."),
        [_("A phone or computer is lost"), _("The caller does not recognise a sign-in")],
    ),
    Act.ACCESS: Deed(
        end_access,
        _("The access is ended. The account has been written to."),
        [_("The insured person asks for it"), _("The account asks for it"), _("Given to the wrong account")],
    ),
    Act.FACTOR: Deed(
        ask_to_lift_factor,
        _("Asked. Now another colleague opens this file and confirms."),
        [
            _("The phone with the app or the passkey is lost"),
            _("The app was deleted, and there are no recovery codes"),
        ],
    ),
    Act.FACTOR_CONFIRMED: Deed(
        confirm_lifting,
        _("Confirmed. The client is told at every contact, and a day from now the second step is lifted."),
        [_("I have called the client back at the number on file"), CALLER_KNEW],
    ),
}
