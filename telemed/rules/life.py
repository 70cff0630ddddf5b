"""The life of a consultation, urgent or booked: one table says from which state which event leads where."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

JOB = "telemed"  # as which work without an account meets walls (core.rows): what the clock does, and papers


class State(TextChoices):
    UNPAID = "unpaid", _("waits for payment")
    WAITING = "waiting", _("in the queue")
    BOOKED = "booked", _("booked")
    CALLING = "calling", _("the doctor is calling")
    UNANSWERED = "unanswered", _("the call was not answered")
    TALKING = "talking", _("the talk is going on")
    TALKED = "talked", _("the conclusion is being written")
    CONCLUDED = "concluded", _("the conclusion was sent")
    DISPUTED = "disputed", _("quality claim")
    UPHELD = "upheld", _("quality claim upheld, does not count as rendered")
    REJECTED = "rejected", _("quality claim not upheld, counts as rendered")
    ACCEPTED = "accepted", _("accepted")
    NOT_REACHED = "not_reached", _("not reached, counts as rendered")
    CANCELLED = "cancelled", _("cancelled")
    CANCELLED_LATE = "cancelled_late", _("cancelled late, counts as rendered")


class Event(TextChoices):
    QUEUE = "queue", _("into the queue: nothing is to be paid, or it is paid")
    BOOK = "book", _("paid, booked")
    MOVE = "move", _("moved to another time")
    CALL = "call", _("the doctor calls")
    MISS = "miss", _("the call was not answered")
    REQUEUE = "requeue", _("back in the queue")
    REBOOK = "rebook", _("back among the bookings")
    EXTEND = "extend", _("one minute more")
    ANSWER = "answer", _("the talk began")
    SWITCH = "switch", _("goes on by another channel")
    END = "end", _("the talk ended")
    CONCLUDE = "conclude", _("the conclusion was sent")
    CLOSE = "close", _("closed after the third attempt")
    CANCEL = "cancel", _("cancelled")
    CANCEL_LATE = "cancel_late", _("cancelled late")
    DISPUTE = "dispute", _("quality claim filed")
    UPHOLD = "uphold", _("quality claim upheld")
    REJECT = "reject", _("quality claim not upheld")
    ACCEPT = "accept", _("accepted: nothing was claimed in time")
    PAY_BACK = "pay_back", _("what was paid was paid back")


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.UNPAID, Event.QUEUE): State.WAITING,
    (State.UNPAID, Event.BOOK): State.BOOKED,
    (State.UNPAID, Event.CANCEL): State.CANCELLED,
    (State.WAITING, Event.CALL): State.CALLING,
    (State.WAITING, Event.CANCEL): State.CANCELLED,
    (State.BOOKED, Event.MOVE): State.BOOKED,
    (State.BOOKED, Event.CALL): State.CALLING,
    (State.BOOKED, Event.CANCEL): State.CANCELLED,
    (State.BOOKED, Event.CANCEL_LATE): State.CANCELLED_LATE,
    (State.CALLING, Event.EXTEND): State.CALLING,
    (State.CALLING, Event.ANSWER): State.TALKING,
    (State.CALLING, Event.MISS): State.UNANSWERED,
    (State.CALLING, Event.REQUEUE): State.WAITING,
    (State.CALLING, Event.REBOOK): State.BOOKED,
    (State.CALLING, Event.CANCEL): State.CANCELLED,
    (State.CALLING, Event.CANCEL_LATE): State.CANCELLED_LATE,
    (State.UNANSWERED, Event.CALL): State.CALLING,
    (State.UNANSWERED, Event.ANSWER): State.TALKING,  # by telephone
    (State.UNANSWERED, Event.REQUEUE): State.WAITING,
    (State.UNANSWERED, Event.REBOOK): State.BOOKED,
    (State.UNANSWERED, Event.CLOSE): State.NOT_REACHED,
    (State.UNANSWERED, Event.CANCEL): State.CANCELLED,
    (State.UNANSWERED, Event.CANCEL_LATE): State.CANCELLED_LATE,
    (State.TALKING, Event.SWITCH): State.TALKING,
    (State.TALKING, Event.END): State.TALKED,
    (State.TALKING, Event.REQUEUE): State.WAITING,  # a failure on our side, and another doctor goes on
    (State.TALKING, Event.REBOOK): State.BOOKED,  # …or the same one, where the time was booked
    (State.TALKED, Event.REQUEUE): State.WAITING,  # the talk broke off, and its clock ran out before anybody said so
    (State.TALKED, Event.REBOOK): State.BOOKED,
    (State.TALKED, Event.CONCLUDE): State.CONCLUDED,
    (State.CONCLUDED, Event.DISPUTE): State.DISPUTED,
    (State.CONCLUDED, Event.ACCEPT): State.ACCEPTED,
    (State.NOT_REACHED, Event.DISPUTE): State.DISPUTED,
    (State.NOT_REACHED, Event.ACCEPT): State.ACCEPTED,
    (State.CANCELLED_LATE, Event.DISPUTE): State.DISPUTED,
    (State.CANCELLED_LATE, Event.ACCEPT): State.ACCEPTED,
    (State.DISPUTED, Event.UPHOLD): State.UPHELD,
    (State.DISPUTED, Event.REJECT): State.REJECTED,
    (State.CANCELLED, Event.PAY_BACK): State.CANCELLED,  # TM-40
    (State.UPHELD, Event.PAY_BACK): State.UPHELD,  # TM-18
}

BEFORE_THE_TALK = (State.UNPAID, State.WAITING, State.BOOKED, State.CALLING, State.UNANSWERED)
WITH_THE_DOCTOR = (State.CALLING, State.TALKING)  # one at a time
UNDER_WAY = (State.WAITING, State.BOOKED, State.CALLING, State.UNANSWERED, State.TALKING)  # none waits for its payment
OPEN_STATES = (*BEFORE_THE_TALK, State.TALKING, State.TALKED)
HOLDS_TIME = (State.UNPAID, State.BOOKED, State.CALLING, State.UNANSWERED, State.TALKING)  # of a doctor's day
REFERS_IN = (State.TALKING, State.TALKED, State.CONCLUDED)  # KIH-17: a doctor who knows the patient by now
PAID_FOR_NOTHING = (State.CANCELLED, State.UPHELD)  # whatever somebody paid for these is theirs again
CLAIMABLE = (State.CONCLUDED, State.NOT_REACHED, State.CANCELLED_LATE)  # TM-18: within the term


class WrongMoment(Exception):
    """This cannot happen to a consultation in its present state."""


def next_state(state: State, event: Event) -> State:
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise WrongMoment(f"{event} of a consultation that is {state}") from None
