"""A spouse, a second parent: invited with consent, answered once, ended by either side."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts import services as accounts
from accounts.models import User
from accounts.rules import hash_of
from core import audit, limits
from core.limits import Allowance
from core.links import public_url
from notices import services as notices
from policies.models import Access, Invitation, Person
from policies.queries import brand_of, is_invited, may_make
from policies.rules import AccessKind, AccessScope
from policies.rules.family import (
    DAY,
    INVITATIONS_A_DAY,
    INVITATIONS_TO_ADDRESS,
    INVITED,
    LIFE,
    InvitationState,
)
from policies.services.access import end_access, grant_access


class MayNotInvite(Exception):
    """This account has no right to this person's affairs that it could pass on, or none any more."""


class TooManyInvitations(Exception):
    """By this account or to this address, today."""


class AlreadySees(Exception):
    """By a right of one's own, which an invitation neither widens nor lets anybody else end."""


class InvitationSpent(Exception):
    """Answered, withdrawn, run out, or whoever invited may no longer."""


@transaction.atomic
def invite(*, person: Person, email: str, by: User, language: str, now: datetime) -> Invitation:
    """The letter says nothing of whether the address has an account. An earlier invitation of it dies with its link.

    Raise MayNotInvite, TooManyInvitations.
    """
    email, kind = email.lower(), may_make(by, person, now=now, locked=True)
    if kind is None:
        raise MayNotInvite
    mine = Allowance(f"family:by:{by.pk}", INVITATIONS_A_DAY, DAY)
    theirs = Allowance(f"family:to:{hash_of(email)}", INVITATIONS_TO_ADDRESS, DAY)
    spent = limits.spend(mine, theirs, now=now)
    if spent.exhausted:
        limits.give_back(*spent.counts)
        raise TooManyInvitations
    person.invitations.filter(email=email, state=InvitationState.WAITING).update(state=InvitationState.WITHDRAWN)
    key = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        person=person, by=by, email=email, kind=kind, key_hash=hash_of(key), sent_at=now, expires_at=now + LIFE
    )
    _audit(gettext_noop("invited somebody to see and act"), invitation, by=by)
    notices.post(
        "family_invitation", to=email, language=language, secret=True, scope=person.insurer.slug,
        not_after=invitation.expires_at,
        context={
            "insured": person.short_name, "url": public_url("policies:invitation", key),
            "expires_on": person.insurer.today(invitation.expires_at).isoformat(),
            "brand": brand_of(person.insurer, language),
        },
    )  # fmt: skip
    return invitation


@transaction.atomic
def open_invited_account(*, invitation: Invitation, password: str, language: str, now: datetime) -> User:
    """For somebody whom the letter has reached and who has no account: it proves the address. Raise AddressTaken,
    InvitationSpent."""
    _take(invitation, now)
    user = accounts.open_account(email=invitation.email, password=password, language=language)
    if not accounts.verify_address(user=user):
        raise accounts.AddressTaken(invitation.email)
    return user


@transaction.atomic
def accept(*, invitation: Invitation, user: User, now: datetime) -> None:
    """Raise InvitationSpent, AlreadySees. The row is locked: of two who answer at once one does. First the right that it
    was given by, as `invite` does, or the two would wait for each other."""
    person = invitation.person
    kind = may_make(invitation.by, person, now=now, locked=True)
    invitation = _take(invitation, now)
    if kind is None or not is_invited(user, invitation):
        raise InvitationSpent
    if Access.objects.current(now=now).filter(user=user, person=person).exists():
        raise AlreadySees
    invitation.access = grant_access(
        user=user, person=person, kind=AccessKind(invitation.kind), scope=AccessScope.FULL, proof=INVITED, by=user,
        now=now,
    )  # fmt: skip
    _answer(invitation, InvitationState.ACCEPTED)
    _audit(gettext_noop("accepted an invitation"), invitation, by=user)
    _tell(invitation.by, "accepted", invitation)


@transaction.atomic
def decline(*, invitation: Invitation, user: User, now: datetime) -> None:
    """Raise InvitationSpent."""
    invitation = _take(invitation, now)
    if not is_invited(user, invitation):
        raise InvitationSpent
    _answer(invitation, InvitationState.DECLINED)
    _audit(gettext_noop("declined an invitation"), invitation, by=user)
    _tell(invitation.by, "declined", invitation)


@transaction.atomic
def end_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Withdrawn while it waits; afterwards the access ends, by either side, with a letter to the other. Repeating it
    changes nothing. Who may: queries.invitation_to_end."""
    invitation = _locked(invitation)
    if invitation.state == InvitationState.WAITING:
        _answer(invitation, InvitationState.WITHDRAWN)
        _audit(gettext_noop("withdrew an invitation"), invitation, by=by)
    elif invitation.access and invitation.access.until is None:
        invited = invitation.access.user
        end_access(user=invited, person=invitation.person, by=by, reason="ended in the cabinet", now=now)
        end_given_by(user=invited, person=invitation.person, by=by, reason="ended in the cabinet", now=now)
        if by == invited:
            _tell(invitation.by, "left", invitation)
        else:
            _tell(invited, "ended", invitation)


@transaction.atomic
def end_given_by(*, user: User, person: Person, by: User, reason: str, now: datetime) -> None:
    """`user` has lost the person: whomever that account let in goes too, and whomever they let in; what waits is
    withdrawn. Each is signed out and told. Repeating it changes nothing."""
    sent = Invitation.objects.filter(person=person, by=user)
    sent.filter(state=InvitationState.WAITING).update(state=InvitationState.WITHDRAWN)
    given = sent.filter(access__until=None, access__proof=INVITED).select_related("access__user", "person__insurer")
    for invitation in given:
        invited = invitation.access.user  # type: ignore[union-attr]  # the filter joins it
        end_access(user=invited, person=person, by=by, reason=reason, now=now)
        accounts.end_sessions(user=invited)
        _tell(invited, "ended", invitation)
        end_given_by(user=invited, person=person, by=by, reason=reason, now=now)


def _take(invitation: Invitation, now: datetime) -> Invitation:
    """Its newest state, locked, while it may be answered. Raise InvitationSpent."""
    invitation = _locked(invitation)
    if invitation.state != InvitationState.WAITING or invitation.expires_at <= now:
        raise InvitationSpent
    return invitation


def _locked(invitation: Invitation) -> Invitation:
    """Its access is read afterwards, not joined: whoever has waited for the row gets its newest state, but what was joined
    to it is of the moment before the wait, when an accepted invitation had no access yet."""
    rows = Invitation.objects.select_for_update(of=["self"])
    return rows.select_related("person__insurer", "by").get(pk=invitation.pk)


def _answer(invitation: Invitation, state: InvitationState) -> None:
    invitation.state = state
    invitation.save(update_fields=["state", "access"])


def _audit(verb: str, invitation: Invitation, *, by: User) -> None:
    audit.record(verb, on=invitation, by=by, scope=invitation.person.insurer.slug, kind=invitation.kind)


def _tell(user: User, change: str, invitation: Invitation) -> None:
    brand = brand_of(invitation.person.insurer, user.language)
    insured = invitation.person.short_name
    accounts.tell(user, "family_changed", brand=brand, change=change, insured=insured, who=invitation.email)
