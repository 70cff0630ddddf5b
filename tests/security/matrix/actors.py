"""Everybody who may knock at a door, and for whose affairs it may open."""

from enum import StrEnum


class Actor(StrEnum):
    VISITOR = "a visitor"
    CLOSED = "somebody whose account was closed"
    OWNER = "Aigul, insured by NSK"
    LIMITED = "Nurlan, insured by NSK, not confirmed yet"
    GUARDIAN = "Bota, whose child is insured by NSK"
    STRANGER = "Dana, insured by another insurer"
    NEWCOMER = "a member of NSK’s staff without a second factor"
    OPERATOR = "an operator of NSK"
    REGISTRAR = "a keeper of NSK’s registers"
    AUDITOR = "an auditor of NSK"
    ELSEWHERE = "another insurer’s operator, keeper and auditor"
    CHIEF = "a superuser"


Actors = frozenset[Actor]
NOBODY: Actors = frozenset()
VISITORS = frozenset({Actor.VISITOR, Actor.CLOSED})
INSURED = frozenset({Actor.OWNER, Actor.LIMITED, Actor.GUARDIAN, Actor.STRANGER})
STAFF = frozenset({Actor.OPERATOR, Actor.REGISTRAR, Actor.AUDITOR, Actor.ELSEWHERE, Actor.CHIEF})
ACCOUNTS = INSURED | STAFF | {Actor.NEWCOMER}
EVERYBODY = frozenset(Actor)

# Each stands for others wherever no object is asked for and nothing of one's own is shown: to such a page they are alike.
SAMPLES = frozenset(Actor) - {Actor.CLOSED, Actor.LIMITED, Actor.GUARDIAN, Actor.STRANGER}

# Who holds a role at some insurer. At which one is a matter of REACH.
CHIEF = frozenset({Actor.CHIEF})
OPERATORS = CHIEF | {Actor.OPERATOR, Actor.ELSEWHERE}
REGISTRARS = CHIEF | {Actor.REGISTRAR, Actor.ELSEWHERE}
AUDITORS = CHIEF | {Actor.AUDITOR, Actor.ELSEWHERE}


class Household(StrEnum):
    """A person with everything the portal holds about them. Dana's is at another insurer, the others' at NSK."""

    AIGUL = "Aigul’s"
    CHILD = "the child’s"
    NURLAN = "Nurlan’s"
    DANA = "Dana’s"


OF_NSK = frozenset(Household) - {Household.DANA}
REACH: dict[Actor, frozenset[Household]] = {
    Actor.VISITOR: frozenset(),
    Actor.CLOSED: frozenset(),
    Actor.OWNER: frozenset({Household.AIGUL}),
    Actor.LIMITED: frozenset({Household.NURLAN}),
    Actor.GUARDIAN: frozenset({Household.CHILD}),
    Actor.STRANGER: frozenset({Household.DANA}),
    Actor.NEWCOMER: frozenset(),
    Actor.OPERATOR: OF_NSK,
    Actor.REGISTRAR: OF_NSK,
    Actor.AUDITOR: OF_NSK,
    Actor.ELSEWHERE: frozenset({Household.DANA}),
    Actor.CHIEF: frozenset(Household),
}
