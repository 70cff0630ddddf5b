"""Everybody who may knock at a door, and for whose affairs it may open."""

from enum import StrEnum


class Actor(StrEnum):
    VISITOR = "a visitor"
    CLOSED = "somebody whose account was closed"
    OWNER = "Aigul, insured by NSK"
    LIMITED = "Nurlan, insured by NSK, not confirmed yet"
    GUARDIAN = "Bota, whose child is insured by NSK"
    STRANGER = "Dana, insured by another insurer"
    INVITED = "Arman, whom Aigul has invited to help"
    FORMER = "Sara, once guardian of Aigul, who has come of age"
    NEWCOMER = "a member of NSK’s staff without a second factor"
    OPERATOR = "an operator of NSK"
    REGISTRAR = "a keeper of NSK’s registers"
    AUDITOR = "an auditor of NSK"
    COORDINATOR = "a coordinator of NSK’s telemedicine"
    REVIEWER = "a reviewer of claims at NSK"
    APPROVER = "an approver of claims at NSK"
    CASHIER = "a payment officer of NSK"
    DOCTOR = "a duty doctor of NSK’s patients, Aigul’s"
    COLLEAGUE = "another doctor of NSK’s patients, the child’s"
    ELSEWHERE = "another insurer’s operator, keeper, auditor and coordinator"
    CHIEF = "a superuser"
    HR = "somebody of HR who is a guest of Aigul’s firm’s report"
    GUEST = "a guest of another firm’s report"


Actors = frozenset[Actor]
NOBODY: Actors = frozenset()
GUESTS = frozenset({Actor.HR, Actor.GUEST})
VISITORS = frozenset({Actor.VISITOR, Actor.CLOSED}) | GUESTS
INSURED = frozenset({Actor.OWNER, Actor.LIMITED, Actor.GUARDIAN, Actor.STRANGER})
STAFF = frozenset({
    Actor.OPERATOR, Actor.REGISTRAR, Actor.AUDITOR, Actor.COORDINATOR, Actor.REVIEWER, Actor.APPROVER, Actor.CASHIER,
    Actor.DOCTOR, Actor.COLLEAGUE, Actor.ELSEWHERE, Actor.CHIEF,
})  # fmt: skip
MEMBERS = INSURED | {Actor.INVITED, Actor.FORMER}  # who are no staff
ACCOUNTS = MEMBERS | STAFF | {Actor.NEWCOMER}
HELPED = INSURED | {Actor.INVITED}  # …of a person's affairs, which are not the account's own
EVERYBODY = frozenset(Actor)

# Beside whom a page is for: each stands for all the others to whom it is refused.
SAMPLES = frozenset({Actor.VISITOR, Actor.OWNER, Actor.FORMER, Actor.NEWCOMER, Actor.OPERATOR, Actor.DOCTOR})

# Who holds a role at some insurer. At which one is a matter of REACH.
CHIEF = frozenset({Actor.CHIEF})
OPERATORS = CHIEF | {Actor.OPERATOR, Actor.ELSEWHERE}
REGISTRARS = CHIEF | {Actor.REGISTRAR, Actor.ELSEWHERE}
AUDITORS = CHIEF | {Actor.AUDITOR, Actor.ELSEWHERE}
DOCTORS = frozenset({Actor.DOCTOR, Actor.COLLEAGUE})
COORDINATORS = CHIEF | {Actor.COORDINATOR, Actor.ELSEWHERE}
REVIEWERS = CHIEF | {Actor.REVIEWER, Actor.ELSEWHERE}
APPROVERS = CHIEF | {Actor.APPROVER, Actor.ELSEWHERE}
CASHIERS = CHIEF | {Actor.CASHIER, Actor.ELSEWHERE}


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
    Actor.INVITED: frozenset({Household.AIGUL}),
    Actor.FORMER: frozenset(),
    Actor.NEWCOMER: frozenset(),
    Actor.OPERATOR: OF_NSK,
    Actor.REGISTRAR: OF_NSK,
    Actor.AUDITOR: OF_NSK,
    Actor.COORDINATOR: OF_NSK,
    Actor.REVIEWER: OF_NSK,
    Actor.APPROVER: OF_NSK,
    Actor.CASHIER: OF_NSK,
    Actor.DOCTOR: frozenset({Household.AIGUL}),
    Actor.COLLEAGUE: frozenset({Household.CHILD}),
    Actor.ELSEWHERE: frozenset({Household.DANA}),
    Actor.CHIEF: frozenset(Household),
    Actor.HR: frozenset({Household.AIGUL}),
    Actor.GUEST: frozenset({Household.DANA}),
}
