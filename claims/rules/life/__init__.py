"""The lives of a claim and of what belongs to it: one table each, and one kind of table (`Life`)."""

from claims.rules.life.claim import ANSWERED, CLAIM_LIFE, JOB, OPEN_STATES, TAKES, UNDER_REVIEW, Event, State
from claims.rules.life.decision import DECISION_LIFE, UNDECIDED, DecisionEvent, DecisionState, Outcome, approval
from claims.rules.life.instalment import INSTALMENT_LIFE, UNPAID, InstalmentEvent, InstalmentState
from claims.rules.life.item import AWAITED, ITEM_LIFE, SATISFIED, ItemEvent, ItemState, complete_on
from claims.rules.life.objection import OBJECTION_LIFE, STARTS, UNDER_WAY, ObjectionEvent, ObjectionState, Way
from claims.rules.life.table import Actor, Life, WrongMoment

__all__ = [
    "ANSWERED",
    "AWAITED",
    "CLAIM_LIFE",
    "DECISION_LIFE",
    "INSTALMENT_LIFE",
    "ITEM_LIFE",
    "JOB",
    "OBJECTION_LIFE",
    "OPEN_STATES",
    "SATISFIED",
    "STARTS",
    "TAKES",
    "UNDECIDED",
    "UNDER_REVIEW",
    "UNDER_WAY",
    "UNPAID",
    "Actor",
    "DecisionEvent",
    "DecisionState",
    "Event",
    "InstalmentEvent",
    "InstalmentState",
    "ItemEvent",
    "ItemState",
    "Life",
    "ObjectionEvent",
    "ObjectionState",
    "Outcome",
    "State",
    "Way",
    "WrongMoment",
    "approval",
    "complete_on",
]
