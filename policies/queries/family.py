"""For whom an account acts, who acts for its people, and which invitations wait."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from accounts.models import User
from accounts.rules import hash_of
from core.phones import mask_email
from policies.models import Access, Invitation, Person
from policies.rules import AccessKind, AccessScope, is_adult
from policies.rules.family import INVITED, invited_as


@dataclass(frozen=True)
class Relation:
    """One account's right to one person's affairs, as the page of close ones shows it."""

    access: Access
    now: datetime

    @property
    def person(self) -> Person:
        return self.access.person

    @property
    def is_own(self) -> bool:
        return self.access.kind == AccessKind.SELF

    @property
    def ends_on(self) -> date | None:
        """A guardian's right: the 18th birthday, on which it is over."""
        return self.person.comes_of_age_on if self.access.kind == AccessKind.GUARDIAN else None

    @property
    def gives(self) -> AccessKind | None:
        """As what somebody else may be invited."""
        adult = is_adult(self.person.birth_date, today=self.person.insurer.today(self.now))
        return invited_as(AccessKind(self.access.kind), AccessScope(self.access.scope), is_adult=adult)

    @property
    def invitation(self) -> Invitation | None:
        """By which the access was given, unless an activation has given it since."""
        return getattr(self.access, "invitation", None) if self.access.proof == INVITED else None

    @property
    def account(self) -> str:
        """Whose it is: the address that was invited, or of somebody who came by themselves only the hint of one."""
        return self.invitation.email if self.invitation else mask_email(self.access.user.email)


@dataclass(frozen=True)
class FamilyPage:
    mine: list[Relation]  # for whom the account acts, itself first
    others: list[tuple[Relation, bool]]  # who else sees those people; whether this account may end it
    waiting: list[Invitation]  # sent by it, not answered yet


def family_page(user: User, *, now: datetime) -> FamilyPage:
    """Three queries."""
    mine = [Relation(access, now) for access in _accesses(now).filter(user=user)]
    open_ones = {relation.person.pk: relation for relation in mine if relation.gives}
    others = [Relation(access, now) for access in _accesses(now).filter(person__in=open_ones).exclude(user=user)]
    waiting = Invitation.objects.waiting(now=now).filter(by=user).select_related("person").order_by("pk")
    return FamilyPage(
        mine=sorted(mine, key=lambda relation: (not relation.is_own, relation.person.sort_key)),
        others=[(other, _may_end(user, other, open_ones[other.person.pk])) for other in others],
        waiting=list(waiting),
    )


def _accesses(now: datetime) -> QuerySet[Access]:
    rows = Access.objects.current(now=now)
    return rows.select_related("person__insurer", "invitation__by", "user").order_by("pk")


def _may_end(user: User, other: Relation, own: Relation) -> bool:
    """Whom one invited; and whoever was not let in by invitation themselves, everybody who was. Never the other parent
    who has activated the policy too."""
    return other.invitation is not None and (other.invitation.by == user or own.invitation is None)


def relation_to(user: User, person: UUID, *, now: datetime) -> Relation | None:
    """None where the account may invite nobody for this person. One query."""
    access = _accesses(now).filter(user=user, person__public_id=person).first()
    return _giving(access, now)


def may_make(user: User, person: Person, *, now: datetime, locked: bool = False) -> AccessKind | None:
    """As what `user` may let somebody in to this person's affairs. `locked`: the right stays until the transaction ends."""
    rows = Access.objects.current(now=now).select_related("person__insurer").filter(user=user, person=person)
    relation = _giving((rows.select_for_update(of=["self"]) if locked else rows).first(), now)
    return relation.gives if relation else None


def _giving(access: Access | None, now: datetime) -> Relation | None:
    relation = Relation(access, now) if access else None
    return relation if relation and relation.gives else None


def invitation_of_link(key: str, *, now: datetime) -> Invitation | None:
    """None: answered, withdrawn, run out or invented. One query."""
    return (
        Invitation.objects.waiting(now=now)
        .filter(key_hash=hash_of(key))
        .select_related("person__insurer", "by")
        .first()
    )  # fmt: skip


def is_invited(user: User, invitation: Invitation) -> bool:
    """A letter that was passed on opens nothing: only the account that has proved the address may answer. Staff have
    their own rights, and nobody invites themselves. One query."""
    if user.is_staff or user == invitation.by:
        return False
    return EmailAddress.objects.filter(user=user, email=invitation.email, verified=True).exists()


def invitation_to_end(user: User, public_id: UUID, *, now: datetime) -> Invitation | None:
    """One that this account sent and nobody accepted yet, or was let in by, or whose access it may end (`_may_end`): who has
    lost the person ends nobody's. Two queries at most."""
    rows = Invitation.objects.select_related("access__user", "by", "person__insurer")
    found = rows.filter(public_id=public_id).first()
    if found is None or found.access is None:
        return found if found and found.by == user else None
    if found.access.user == user and found.access.proof == INVITED:
        return found
    own = _giving(_accesses(now).filter(user=user, person=found.person).first(), now)
    return found if own and _may_end(user, Relation(found.access, now), own) else None
