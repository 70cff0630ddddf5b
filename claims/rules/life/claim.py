"""The life of a claim (requirements.md, section 8). It begins with the notice, which is registered at once (9.2).

A review that began never goes back to the documents: what is asked for later lengthens it openly (7.8), or the clock would
begin anew. A re-certification (7.7) and a reopening are reviews as well; what was paid before goes on meanwhile, because
each instalment has a life of its own.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.life.table import Actor, Life

JOB = "claims"  # as which work without an account meets walls (core.rows): the clock's, the bank's


class State(TextChoices):
    NOTIFIED = "notified", _("registered")
    CHECKING = "checking", _("documents are being checked")
    INCOMPLETE = "incomplete", _("documents are missing")
    REVIEW = "review", _("under review")
    SUSPENDED = "suspended", _("review suspended")
    APPROVED = "approved", _("to be paid")
    POSTPONED = "postponed", _("payment postponed")
    PAYING = "paying", _("is being paid")
    PAID = "paid", _("paid")
    STOPPED = "stopped", _("payouts stopped")
    REFUSED = "refused", _("payout refused")
    SET_ASIDE = "set_aside", _("set aside without a decision")
    CLOSED = "closed", _("closed")


class Event(TextChoices):
    MATCH = "match", _("the contract was found")
    DELIVER = "deliver", _("application or documents received")
    HAND_IN = "hand_in", _("the last of what was asked for received")
    NAME_MISSING = "name_missing", _("missing documents named")
    COMPLETE = "complete", _("all documents are there")
    SUSPEND = "suspend", _("the clock was stopped")
    ANSWER = "answer", _("one of several answers came")
    RESUME = "resume", _("the clock goes on")
    EXTEND = "extend", _("review extended")
    APPROVE = "approve", _("decided to pay")
    REFUSE = "refuse", _("decided to refuse")
    POSTPONE = "postpone", _("payment postponed")
    PAY = "pay", _("first payment sent")
    REPLACE = "replace", _("instalments replaced by one payment")
    SETTLE = "settle", _("last payment made")
    BOUNCE = "bounce", _("a payment came back")
    STOP = "stop", _("payouts stopped")
    RECERTIFY = "recertify", _("re-certification received")
    REOPEN = "reopen", _("review reopened")
    WITHDRAW = "withdraw", _("withdrawn by the claimant")
    SET_ASIDE = "set_aside", _("set aside")
    RESTORE = "restore", _("taken up again")
    CLOSE = "close", _("closed")


CLAIM_LIFE = Life(
    starts=(State.NOTIFIED,),
    ends=(State.SET_ASIDE, State.CLOSED),
    ways={
        (State.NOTIFIED, Event.MATCH): State.NOTIFIED,
        (State.NOTIFIED, Event.DELIVER): State.CHECKING,
        (State.NOTIFIED, Event.WITHDRAW): State.SET_ASIDE,
        (State.NOTIFIED, Event.SET_ASIDE): State.SET_ASIDE,
        (State.CHECKING, Event.MATCH): State.CHECKING,
        (State.CHECKING, Event.DELIVER): State.CHECKING,
        (State.CHECKING, Event.NAME_MISSING): State.INCOMPLETE,
        (State.CHECKING, Event.COMPLETE): State.REVIEW,
        (State.CHECKING, Event.WITHDRAW): State.SET_ASIDE,
        (State.CHECKING, Event.SET_ASIDE): State.SET_ASIDE,
        (State.INCOMPLETE, Event.MATCH): State.INCOMPLETE,
        (State.INCOMPLETE, Event.DELIVER): State.INCOMPLETE,
        (State.INCOMPLETE, Event.HAND_IN): State.CHECKING,
        (State.INCOMPLETE, Event.NAME_MISSING): State.INCOMPLETE,  # 10.4: one more, with its reasons
        (State.INCOMPLETE, Event.COMPLETE): State.REVIEW,  # 10.4: the rest was waived
        (State.INCOMPLETE, Event.WITHDRAW): State.SET_ASIDE,
        (State.INCOMPLETE, Event.SET_ASIDE): State.SET_ASIDE,
        (State.REVIEW, Event.DELIVER): State.REVIEW,
        (State.REVIEW, Event.SUSPEND): State.SUSPENDED,
        (State.REVIEW, Event.EXTEND): State.REVIEW,
        (State.REVIEW, Event.APPROVE): State.APPROVED,
        (State.REVIEW, Event.REFUSE): State.REFUSED,
        (State.REVIEW, Event.WITHDRAW): State.SET_ASIDE,
        (State.SUSPENDED, Event.DELIVER): State.SUSPENDED,
        (State.SUSPENDED, Event.SUSPEND): State.SUSPENDED,  # one more authority is asked
        (State.SUSPENDED, Event.ANSWER): State.SUSPENDED,
        (State.SUSPENDED, Event.RESUME): State.REVIEW,
        (State.SUSPENDED, Event.WITHDRAW): State.SET_ASIDE,
        (State.APPROVED, Event.POSTPONE): State.POSTPONED,
        (State.APPROVED, Event.PAY): State.PAYING,
        (State.APPROVED, Event.STOP): State.STOPPED,
        (State.APPROVED, Event.REOPEN): State.REVIEW,
        (State.POSTPONED, Event.RESUME): State.APPROVED,
        (State.POSTPONED, Event.REOPEN): State.REVIEW,
        (State.PAYING, Event.REPLACE): State.PAYING,
        (State.PAYING, Event.SETTLE): State.PAID,
        (State.PAYING, Event.STOP): State.STOPPED,
        (State.PAYING, Event.RECERTIFY): State.REVIEW,
        (State.PAYING, Event.REOPEN): State.REVIEW,
        (State.PAID, Event.BOUNCE): State.PAYING,
        (State.PAID, Event.RECERTIFY): State.REVIEW,
        (State.PAID, Event.REOPEN): State.REVIEW,
        (State.PAID, Event.CLOSE): State.CLOSED,
        (State.STOPPED, Event.RECERTIFY): State.REVIEW,
        (State.STOPPED, Event.REOPEN): State.REVIEW,
        (State.STOPPED, Event.CLOSE): State.CLOSED,
        (State.REFUSED, Event.RECERTIFY): State.REVIEW,  # after «not continued», with a new certificate
        (State.REFUSED, Event.REOPEN): State.REVIEW,
        (State.REFUSED, Event.CLOSE): State.CLOSED,
        (State.SET_ASIDE, Event.RESTORE): State.CHECKING,  # what was sent is checked again
        (State.CLOSED, Event.REOPEN): State.REVIEW,  # an ombudsman or a court may take longer than we wait
    },
    by={
        Event.MATCH: {Actor.REVIEWER},
        Event.DELIVER: {Actor.CLAIMANT, Actor.LENDER, Actor.REVIEWER},  # …what came on paper
        Event.HAND_IN: {Actor.CLAIMANT, Actor.LENDER, Actor.REVIEWER},
        Event.NAME_MISSING: {Actor.REVIEWER},
        Event.COMPLETE: {Actor.REVIEWER},
        Event.SUSPEND: {Actor.REVIEWER},
        Event.ANSWER: {Actor.REVIEWER},
        Event.RESUME: {Actor.REVIEWER},
        Event.EXTEND: {Actor.REVIEWER},
        Event.APPROVE: {Actor.APPROVER},
        Event.REFUSE: {Actor.APPROVER},
        Event.POSTPONE: {Actor.REVIEWER},
        Event.PAY: {Actor.CASHIER},
        Event.REPLACE: {Actor.APPROVER},
        Event.SETTLE: {Actor.CASHIER, Actor.SYSTEM},
        Event.BOUNCE: {Actor.CASHIER, Actor.SYSTEM},
        Event.STOP: {Actor.APPROVER},
        Event.RECERTIFY: {Actor.CLAIMANT, Actor.REVIEWER},
        Event.REOPEN: {Actor.APPROVER},
        Event.WITHDRAW: {Actor.CLAIMANT},
        Event.SET_ASIDE: {Actor.REVIEWER},  # a duplicate, or no contract is found; never instead of a decision
        Event.RESTORE: {Actor.CLAIMANT, Actor.REVIEWER},
        Event.CLOSE: {Actor.SYSTEM},  # so late that no bank sends anything back
    },
)

TAKES = (State.NOTIFIED, State.CHECKING, State.INCOMPLETE, State.REVIEW, State.SUSPENDED)  # documents and applications
UNDER_REVIEW = (State.REVIEW, State.SUSPENDED)
ANSWERED = (State.PAYING, State.PAID, State.STOPPED, State.REFUSED)  # whose disability may be certified anew (7.7)
OPEN_STATES = (
    State.NOTIFIED, State.CHECKING, State.INCOMPLETE, State.REVIEW, State.SUSPENDED, State.APPROVED, State.POSTPONED,
    State.PAYING,
)  # fmt: skip
