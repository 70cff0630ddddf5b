"""The 18th birthday: a guardian's right ends by itself, and the policy may become the grown-up child's own."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import User
from activation.models import Activation
from activation.queries import PolicyFile, person_page
from activation.rules import Act, IdAndBirthDate, Proof, Situation, State, Verdict
from activation.services.begin import AlreadyActive, Claimed, begin_activation
from activation.services.find import find_policy
from activation.services.finish import attach_policy, confirm_address, finish
from activation.services.national import attach
from activation.services.operate import issue_code
from policies.models import Access, Person, Policy
from policies.queries import policy_cards, policy_with_insured
from policies.rules import AccessKind, AccessScope, comes_of_age_on, is_adult, is_outgrown
from policies.services import family
from policies.services.access import grant_access
from tests.factories import a_policy, a_product
from tests.people import aigul, dana, marat

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)


def access(user: User, person: Person, kind: AccessKind = AccessKind.SELF) -> None:
    grant_access(user=user, person=person, kind=kind, scope=AccessScope.FULL, proof="x", by=user, now=NOW)


ALMATY, MOSCOW = "Asia/Almaty", "Europe/Moscow"


@pytest.mark.parametrize(
    ("born", "zone", "last_moment"),
    [
        (date(2015, 3, 14), ALMATY, datetime(2033, 3, 13, 18, 59, 59, tzinfo=UTC)),
        (date(2015, 3, 14), MOSCOW, datetime(2033, 3, 13, 20, 59, 59, tzinfo=UTC)),
        (date(2008, 2, 29), ALMATY, datetime(2026, 2, 28, 18, 59, 59, tzinfo=UTC)),  # 18 on 1 March
        (date(2010, 2, 28), ALMATY, datetime(2028, 2, 27, 18, 59, 59, tzinfo=UTC)),
        (date(2010, 3, 1), ALMATY, datetime(2028, 2, 29, 18, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_guardians_right_ends_with_the_insurers_day_before_the_18th_birthday(
    born: date, zone: str, last_moment: datetime
) -> None:
    policy, user = a_policy(birth_date=born), aigul()
    policy.insurer.time_zone = zone
    policy.insurer.save()
    access(user, policy.insured, AccessKind.GUARDIAN)
    assert [card.person for card in policy_cards(user, now=last_moment)] == [policy.insured]
    assert policy_cards(user, now=last_moment + timedelta(seconds=1)) == []
    Access.objects.update(kind=AccessKind.REPRESENTATIVE)
    assert policy_cards(user, now=last_moment + timedelta(seconds=1))  # control


def test_the_day_that_is_shown_is_the_first_on_which_the_right_is_over() -> None:
    for number in range(366 * 4 + 1):
        born = date(2008, 1, 1) + timedelta(days=number)
        first = comes_of_age_on(born)
        assert (is_adult(born, today=first - timedelta(days=1)), is_adult(born, today=first)) == (False, True)


def test_a_grown_up_child_may_let_the_parent_help_again() -> None:
    """The parent's old row is still there: it gives way to the new right."""
    child = a_policy(birth_date=date(2008, 11, 22)).insured
    parent, grown_up = aigul(), dana()
    access(parent, child, AccessKind.GUARDIAN)
    now = NOW + timedelta(days=2)
    grant_access(
        user=grown_up, person=child, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="x", by=grown_up, now=now
    )  # fmt: skip
    invitation = family.invite(person=child, email=parent.email, by=grown_up, language="ru", now=now)
    assert not policy_cards(parent, now=now)
    family.accept(invitation=invitation, user=parent, now=now)
    assert [card.access.kind for card in policy_cards(parent, now=now)] == [AccessKind.REPRESENTATIVE]


# ── Taking one's policy over ──────────────────────────────────────────────────
BIRTHDAY = date(2026, 11, 22)  # in Almaty it begins at 19:00 UTC of the 21st
EVE, MORNING = (datetime(2026, 11, 21, 18, 59, 59, tzinfo=UTC), datetime(2026, 11, 21, 19, tzinfo=UTC))
BORN = date(2008, 11, 22)


@pytest.fixture
def of_the_child() -> Policy:
    """Activated by the parent."""
    a_policy(birth_date=BORN)
    policy = policy_with_insured()
    assert policy
    attach_policy(
        claimed=Claimed(policy, Proof.CONTRACT_NUMBER, "parent"), kind=AccessKind.GUARDIAN, user=aigul(), language="ru",
        now=NOW,
    )  # fmt: skip
    return policy


def found(now: datetime) -> Verdict:
    facts = IdAndBirthDate("4410 0275 31", BORN)
    return find_policy(product=a_product(), facts=facts, source="10.0.0.1", by=None, now=now).verdict


def takes_over(policy: Policy, user: User, now: datetime) -> Activation:
    return attach_policy(
        claimed=Claimed(policy, Proof.CONTRACT_NUMBER, f"{user.pk}"), kind=AccessKind.SELF, user=user, language="ru",
        now=now,
    )  # fmt: skip


def test_until_the_eve_the_policy_is_active_and_from_the_morning_on_it_may_be_activated_anew(
    of_the_child: Policy,
) -> None:
    assert found(EVE) == Verdict.ALREADY_ACTIVE
    assert found(MORNING) == Verdict.PROVE  # the parent knows ID and birth date as well
    with pytest.raises(AlreadyActive):
        takes_over(of_the_child, dana(), EVE)


def test_the_grown_up_child_takes_the_policy_over_and_the_parent_sees_it_no_more(of_the_child: Policy) -> None:
    young = dana()
    takes_over(of_the_child, young, MORNING)
    states = list(Activation.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.OUTGROWN, State.FINISHED]
    assert [card.access.kind for card in policy_cards(young, now=MORNING)] == [AccessKind.SELF]
    parent = User.objects.get(email="aigul@example.kz")
    assert policy_cards(parent, now=MORNING) == []
    assert Access.objects.get(user=parent).until == MORNING


def test_by_the_letter_it_is_the_same_and_the_parent_keeps_it_until_the_letter_is_answered(
    of_the_child: Policy,
) -> None:
    begun = begin_activation(
        claimed=Claimed(of_the_child, Proof.CONTACT_CODE, "young"), email="young@example.kz", password="Tulpan 1950",
        kind=AccessKind.SELF, language="ru", now=MORNING,
    )  # fmt: skip
    assert Activation.objects.finished().get().kind == AccessKind.GUARDIAN
    confirm_address(activation=begun, now=MORNING)
    finish(activation=begun, by=begun.user, now=MORNING)
    assert Activation.objects.finished().get().user == begun.user


def test_a_second_one_finds_it_active_again(of_the_child: Policy) -> None:
    takes_over(of_the_child, dana(), MORNING)
    with pytest.raises(AlreadyActive):
        takes_over(of_the_child, marat(), MORNING)
    assert found(MORNING) == Verdict.ALREADY_ACTIVE


def test_the_state_itself_may_prove_who_has_grown_up(of_the_child: Policy) -> None:
    assert not attach(of_the_child, user=dana(), language="ru", now=EVE)
    assert attach(of_the_child, user=User.objects.get(email="dana@example.kz"), language="ru", now=MORNING)


def file_of(policy: Policy, *, now: datetime) -> PolicyFile:
    [file] = person_page(policy.insured, now=now).policies
    return file


def test_the_call_centre_sees_it_and_may_give_a_code(of_the_child: Policy) -> None:
    before, after = file_of(of_the_child, now=EVE), file_of(of_the_child, now=MORNING)
    assert (before.situation, after.situation) == (Situation.ACTIVE, Situation.PROOF_ASKED)
    assert (Act.CODE in before.acts, Act.CODE in after.acts, Act.UNDO in after.acts) == (False, True, False)
    assert issue_code(policy=of_the_child, by=marat(), reason="came of age", now=MORNING)


@pytest.mark.parametrize(
    ("active_as", "today", "outgrown"),
    [
        (AccessKind.GUARDIAN, BIRTHDAY, True),
        (AccessKind.GUARDIAN, BIRTHDAY - timedelta(days=1), False),
        (AccessKind.SELF, BIRTHDAY, False),
        (AccessKind.REPRESENTATIVE, BIRTHDAY, False),
        (None, BIRTHDAY, False),
    ],
)
def test_what_is_outgrown(active_as: str | None, today: date, outgrown: bool) -> None:
    assert is_outgrown(active_as, BORN, today=today) is outgrown
