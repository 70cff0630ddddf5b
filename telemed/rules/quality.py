"""TM-18: accepted, unless quality is claimed in time. Dates of the insurer's calendar in, answers out."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.calendar import Term, Unit, WorkingCalendar, add_calendar_days
from telemed.rules.life import Event, State
from telemed.rules.terms import CLAIM_DAYS, claim_until

# No document names a term for the answer. Ours: what Nomad Life 7.8 gives the insurer for a decision.
ANSWER_WORKING_DAYS = 15
STARS = range(1, 6)
SAYS_IN_WORDS = 2000  # characters of a rating

RATED_FIRST = (State.CONCLUDED, State.DISPUTED, State.UPHELD, State.REJECTED, State.ACCEPTED)
RATED_AGAIN = (State.CONCLUDED, State.DISPUTED)  # until it is over


def may_claim(rendered_on: date, *, today: date) -> bool:
    return today <= claim_until(rendered_on)


def accepted_on(rendered_on: date) -> date:
    """The day after the last on which quality may be claimed."""
    return add_calendar_days(claim_until(rendered_on), 1)


def oldest_claimable(today: date) -> date:
    """Whatever was rendered before this day is accepted."""
    return add_calendar_days(today, -CLAIM_DAYS)


def answer_due(claimed_on: date, calendar: WorkingCalendar) -> Term:
    return Term(claimed_on, ANSWER_WORKING_DAYS, Unit.WORKING, calendar)


class Verdict(TextChoices):
    """What the answer to a quality claim says of the consultation (TM-18). A claim filed in time leaves it open whether it
    was duly rendered; the answer closes that."""

    UPHELD = "upheld", _("The claim is right: the consultation does not count as rendered")
    REJECTED = "rejected", _("The claim is not right: the consultation counts as rendered")

    @property
    def event(self) -> Event:
        return Event.UPHOLD if self is Verdict.UPHELD else Event.REJECT


def counts_as_rendered(state: State, *, was_rendered: bool) -> bool:
    """TM-18, TM-39, TM-41: what was held, not reached or called off too late counts; not once a claim about it was upheld."""
    return was_rendered and state != State.UPHELD


class Answering(TextChoices):
    """How far the answer to a quality claim is."""

    IN_TIME = "in_time", _("answered in time")
    LATE = "late", _("answered late")
    DUE = "due", _("to be answered")
    OVERDUE = "overdue", _("overdue")


def answering(term: Term, answered_on: date | None, *, today: date) -> Answering:
    """The last day of the term is in time."""
    if answered_on is None:
        return Answering.OVERDUE if term.is_late(today) else Answering.DUE
    return Answering.LATE if term.is_late(answered_on) else Answering.IN_TIME


def may_rate(state: State, *, has_rated: bool) -> bool:
    return state in (RATED_AGAIN if has_rated else RATED_FIRST)
