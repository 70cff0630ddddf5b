"""The state has said who somebody is: their policies come into the cabinet, nobody else's do."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.rules import Identity, identity_in
from activation.models import Activation, Step
from activation.rules import NationalId, OnFile, Proof, State
from activation.services.begin import Claimed, begin_activation
from activation.services.finish import attach_policy
from activation.services.national import attach_what_is_theirs
from notices.models import Notice
from policies.models import Access, Person, Policy
from policies.queries import consent_texts, policy_cards
from policies.rules import AccessKind, AccessScope, ConsentCode
from policies.services.consents import give_consents
from tests.factories import BORN, a_policy, a_policy_with_a_code, an_insurer, another_insurer
from tests.people import aigul, dana

pytestmark = pytest.mark.django_db
IIN = "610314400318"
NAME = "Садыкова Айгуль Сериковна"
WHO = Identity(IIN, BORN, NAME)


def shown(user: User, identity: Identity = WHO) -> int:
    return attach_what_is_theirs(None, user=user, identity=identity, language="ru")


def test_the_policy_of_the_iin_is_activated_in_full_with_a_proof_of_its_own() -> None:
    policy, user = a_policy(iin=IIN), aigul()
    assert shown(user) == 1
    activation, access = Activation.objects.get(), Access.objects.get()
    assert (activation.policy, activation.state, activation.proof) == (policy, State.FINISHED, Proof.NATIONAL_ID)
    assert (access.kind, access.scope, access.user) == (AccessKind.SELF, AccessScope.FULL, user)
    assert [card.policy for card in policy_cards(user, now=timezone.now())] == [policy]


def test_policies_of_several_insurers_come_at_once() -> None:
    other = another_insurer()
    a_policy(iin=IIN)
    a_policy("7000", insurer=other, iin=IIN)
    assert shown(aigul()) == 2


def test_a_second_sign_in_finds_nothing_new_and_leaves_no_trace() -> None:
    a_policy(iin=IIN)
    user = aigul()
    shown(user)
    before = (Step.objects.count(), Notice.objects.count())
    assert shown(user) == 0
    assert (Step.objects.count(), Notice.objects.count()) == before


def test_somebody_elses_iin_in_the_register_is_caught_by_birth_date_and_by_name() -> None:
    a_policy(iin=IIN)
    user = aigul()
    assert shown(user, Identity(IIN, date(1962, 3, 14), NAME)) == 0
    assert shown(user, Identity(IIN, BORN, "Ахметова Дана")) == 0
    assert not Access.objects.exists()
    assert {step.kind for step in Step.objects.all()} == {Step.Kind.NOT_PROVED}
    assert shown(user, Identity(IIN, None, "")) == 1  # control: what is not told contradicts nothing


@pytest.mark.parametrize(
    ("claimed", "fits"),
    [
        (NationalId(IIN, BORN, NAME), True),
        (NationalId(IIN, BORN, "SADYKOVA AIGUL"), True),
        (NationalId(IIN, None, ""), True),
        (NationalId("790420300313", BORN, NAME), False),
        (NationalId(IIN, BORN + timedelta(days=1), NAME), False),
        (NationalId(IIN, BORN, "Садыкова Алия"), False),
    ],
)
def test_what_fits_a_register(claimed: NationalId, fits: bool) -> None:
    assert claimed.fit(OnFile(BORN, NAME, IIN, code_fits=False)) is fits


def test_a_register_without_the_iin_fits_nobody() -> None:
    assert not NationalId(IIN, BORN, NAME).fit(OnFile(BORN, NAME, None, code_fits=False))


@pytest.mark.parametrize(("days", "added"), [(-14, 0), (-15, 1)])
def test_the_waiting_period_holds_on_both_sides_of_its_day(days: int, added: int) -> None:
    policy = a_policy(iin=IIN)
    signed_on = policy.insurer.today(timezone.now()) + timedelta(days=days)
    Policy.objects.update(signed_on=signed_on)
    assert shown(aigul()) == added


def test_what_is_in_somebody_elses_cabinet_stays_there() -> None:
    policy = a_policy(iin=IIN)
    attach_policy(
        claimed=Claimed(policy, Proof.CONTRACT_NUMBER, "n"), kind=AccessKind.REPRESENTATIVE, user=dana(),
        language="ru", now=timezone.now(),
    )  # fmt: skip
    assert shown(aigul()) == 0
    assert Access.objects.get().user.email == "dana@example.kz"


def test_a_letter_that_somebody_else_waits_for_gives_way() -> None:
    policy = a_policy(iin=IIN)
    begun = begin_activation(
        claimed=Claimed(policy, Proof.FACTS, "n"), email="dana@example.kz", password="Tulpan 1950", language="ru",
        kind=AccessKind.SELF, now=timezone.now(),
    )  # fmt: skip
    assert shown(aigul()) == 1
    begun.refresh_from_db()
    assert begun.state == State.SUPERSEDED


def test_an_account_that_is_one_person_of_an_insurer_does_not_become_another() -> None:
    user = aigul()
    attach_policy(
        claimed=Claimed(a_policy("1"), Proof.CONTRACT_NUMBER, "n"), kind=AccessKind.SELF, user=user, language="ru",
        now=timezone.now(),
    )  # fmt: skip
    a_policy("2", iin=IIN)
    assert shown(user) == 0
    Access.objects.update(kind=AccessKind.REPRESENTATIVE)
    assert shown(user) == 1  # control


def test_a_cover_that_counts_from_its_activation_is_not_started_unasked() -> None:
    policy, _code = a_policy_with_a_code(iin=IIN)
    assert shown(aigul()) == 0
    policy.refresh_from_db()
    assert policy.cover_starts_on is None


def test_a_policy_that_needs_a_consent_comes_when_it_was_given() -> None:
    insurer, user = an_insurer("sogaz"), aigul()
    a_policy("1825 DM 0417", insurer=insurer, iin=IIN)
    assert shown(user) == 0
    texts = consent_texts(insurer, [ConsentCode.PERSONAL_DATA])
    give_consents(user=user, texts=texts, person=None, language="ru", now=timezone.now())
    assert shown(user) == 1


def test_an_account_without_an_address_gets_its_policy_and_no_letter_to_nobody() -> None:
    a_policy(iin=IIN, email="onfile@example.kz")
    assert shown(User.objects.create(email="")) == 1
    assert [notice.to for notice in Notice.objects.all()] == ["onfile@example.kz"]


def test_the_iin_is_not_written_to_what_the_account_leaves() -> None:
    a_policy(iin=IIN)
    shown(aigul())
    rows = [*Activation.objects.values_list(), *Step.objects.values_list(), *User.objects.values_list()]
    assert IIN not in str(rows)
    assert IIN in str([*Person.objects.values_list()])  # control: it stands where the insurer wrote it


@pytest.mark.parametrize(
    ("claims", "identity"),
    [
        ({"iin": IIN, "birthdate": "1961-03-14", "name": NAME}, WHO),
        ({"iin": IIN, "family_name": "Садыкова", "given_name": "Айгуль"}, Identity(IIN, None, "Садыкова Айгуль")),
        ({"iin": IIN, "birthdate": "0000-03-14", "name": None}, Identity(IIN, None, "")),
        ({"iin": IIN, "birthdate": 5}, Identity(IIN, None, "")),
        ({"iin": "610314400319"}, None),  # a wrong check digit
        ({"iin": 610314400318}, None),
        ({"name": NAME, "birthdate": "1961-03-14"}, None),  # ESIA: no IIN, nobody is identified
        ({}, None),
    ],
)
def test_whom_claims_describe(claims: dict[str, object], identity: Identity | None) -> None:
    assert identity_in(claims, iin_claim="iin") == identity
