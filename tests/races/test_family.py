"""One invitation, answered by many at once: one access, one letter to whoever invited. One policy, taken over by many: one."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from accounts.models import User
from activation.models import Activation
from activation.rules import Proof
from activation.services.begin import AlreadyActive, Claimed
from activation.services.finish import attach_policy
from notices.models import Notice
from policies.models import Access, Invitation, Policy
from policies.queries import policy_with_insured
from policies.rules import AccessKind, AccessScope
from policies.services import family
from policies.services.access import grant_access
from tests.factories import a_policy
from tests.people import a_person, aigul, dana
from tests.races.crowd import CROWD, all_at_once, while_waiting

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)


@pytest.fixture
def invitation() -> Invitation:
    person, user = a_policy().insured, aigul()
    grant_access(
        user=user, person=person, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="x", by=user, now=NOW
    )  # fmt: skip
    return family.invite(person=person, email="dana@example.kz", by=user, language="ru", now=NOW)


def test_of_forty_who_accept_one_invitation_at_once_one_does(invitation: Invitation) -> None:
    spouse = dana()

    def accept(_number: int) -> bool:
        try:
            family.accept(invitation=invitation, user=spouse, now=NOW)
        except family.InvitationSpent:
            return False
        return True

    assert Counter(all_at_once(accept)) == {True: 1, False: CROWD - 1}
    assert Access.objects.filter(user=spouse).count() == 1
    assert Notice.objects.filter(kind="family_changed").count() == 1


def test_of_accepting_and_withdrawing_at_once_one_is_done(invitation: Invitation) -> None:
    spouse = dana()

    def act(number: int) -> None:
        if number % 2:
            family.end_invitation(invitation=invitation, by=invitation.by, now=NOW)
            return
        try:
            family.accept(invitation=invitation, user=spouse, now=NOW)
        except family.InvitationSpent:
            return

    all_at_once(act, crowd=10)
    assert not Access.objects.filter(user=spouse, until=None).exists()  # ended either way: somebody pressed «end» last


def test_withdrawing_that_waited_for_the_answer_ends_what_it_gave(invitation: Invitation) -> None:
    spouse = dana()
    while_waiting(
        lambda: family.end_invitation(invitation=invitation, by=invitation.by, now=NOW),
        first=lambda: family.accept(invitation=invitation, user=spouse, now=NOW),
    )
    assert Access.objects.get(user=spouse).until == NOW


def test_of_forty_who_take_over_an_outgrown_policy_one_gets_it() -> None:
    a_policy(birth_date=datetime(2008, 11, 20, tzinfo=UTC).date())
    policy = policy_with_insured()
    assert policy
    attach(policy, aigul(), AccessKind.GUARDIAN, datetime(2026, 11, 18, tzinfo=UTC))
    people = [a_person(f"{number}@example.kz") for number in range(CROWD)]
    assert Counter(all_at_once(lambda number: attach(policy, people[number], AccessKind.SELF, NOW))) == {
        True: 1, False: CROWD - 1,
    }  # fmt: skip
    assert Activation.objects.finished().count() == 1


def attach(policy: Policy, user: User, kind: AccessKind, now: datetime) -> bool:
    claimed = Claimed(policy, Proof.CONTRACT_NUMBER, f"{user.pk}")
    try:
        attach_policy(claimed=claimed, kind=kind, user=user, language="ru", now=now)
    except AlreadyActive:
        return False
    return True
