"""Forty who open a cabinet by number, choose the first password or agree at once: one of each, and the guards decide."""

import secrets
from collections.abc import Iterator

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import OneTimeLink, User
from accounts.services import LinkSpent, NumberTaken, choose_first_password, first_password, first_password_link
from activation.models import Activation
from activation.rules import Proof
from activation.services.begin import AlreadyActive, Claimed
from activation.services.finish import open_with_number
from notices.models import Notice
from policies.models import Access, ConsentAct, Insurer, Policy
from policies.queries import consent_texts, policy_with_insured
from policies.rules import AccessKind
from policies.rules.consents import BEFORE_CONSULTING, ConsentCode
from policies.services import consents
from policies.services.consents import give_consents
from tests.factories import a_borrower, an_insurer
from tests.races.crowd import CROWD, all_at_once

ASKED = tuple(BEFORE_CONSULTING)  # by the door
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
PHONE = "+77012344567"


def opens(policy: Policy, phone: str = PHONE, nonce: str = "") -> bool:
    found = policy_with_insured(pk=policy.pk)
    assert found
    texts = consent_texts(found.insurer, ASKED)
    claimed = Claimed(found, Proof.CONTACT_CODE, nonce or secrets.token_hex(16), ASKED)
    try:
        open_with_number(
            claimed=claimed, phone=phone, texts=texts, kind=AccessKind.SELF, language="ru", now=timezone.now()
        )
    except (AlreadyActive, NumberTaken):
        return False
    return True


def test_of_forty_numbers_that_open_one_policy_one_does_and_no_other_account_stays() -> None:
    policy = a_borrower()
    assert sum(all_at_once(lambda number: opens(policy, f"+770112345{number:02}"))) == 1
    assert User.objects.count() == Access.objects.count() == 1
    assert ConsentAct.objects.count() == 2


def test_one_form_sent_forty_times_opens_one_account_and_everybody_sees_it() -> None:
    policy = a_borrower()
    assert sum(all_at_once(lambda number: opens(policy, nonce="once"))) == CROWD
    assert User.objects.count() == Activation.objects.count() == Notice.objects.filter(kind="login").count() == 1


def policies_opened_by_one_number() -> int:
    policies = [a_borrower(f"NL-{number}", given_name=f"Айгуль{number}") for number in range(CROWD)]
    return sum(all_at_once(lambda number: opens(policies[number])))


def test_one_number_that_opens_forty_policies_at_once_opens_one_account() -> None:
    assert policies_opened_by_one_number() == 1
    assert User.objects.count() == 1


@pytest.fixture
def numbers_are_not_unique() -> Iterator[None]:
    guard = next(one for one in User._meta.constraints if one.name == "mobile_number_of_one_account")
    with connections["owner"].schema_editor() as editor:
        editor.remove_constraint(User, guard)
    yield
    with connections["owner"].schema_editor() as editor:
        editor.execute("TRUNCATE accounts_user CASCADE")
        editor.add_constraint(User, guard)
    connections["owner"].close()


@pytest.mark.long
def test_without_the_constraint_there_would_be_many_accounts(numbers_are_not_unique: None) -> None:
    """Control."""
    assert policies_opened_by_one_number() > 1


# ── The first password ───────────────────────────────────────────────────────
def passwords_chosen() -> int:
    key = first_password_link(user=User.objects.create_user("", phone=PHONE), now=timezone.now()).split("/")[-2]

    def choose(number: int) -> bool:
        try:
            choose_first_password(key=key, password=f"Tulpan {number} gul", brand={}, now=timezone.now())
        except LinkSpent:
            return False
        return True

    return sum(all_at_once(choose))


def test_of_forty_who_choose_the_first_password_one_does() -> None:
    assert passwords_chosen() == 1


@pytest.mark.long
def test_without_the_condition_of_the_update_many_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(first_password, "_live", lambda key, now: OneTimeLink.objects.all())
    assert passwords_chosen() > 1


# ── Consents ─────────────────────────────────────────────────────────────────
def acts_of_forty(insurer: Insurer) -> int:
    user, texts = User.objects.create_user("", phone=PHONE), consent_texts(insurer, [ConsentCode.PERSONAL_DATA])
    all_at_once(lambda number: give_consents(user=user, texts=texts, person=None, language="ru", now=timezone.now()))
    return ConsentAct.objects.count()


def test_forty_ticks_at_once_are_one_act() -> None:
    assert acts_of_forty(an_insurer("nomad-life")) == 1


@pytest.mark.long
def test_without_the_lock_they_would_be_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(consents, "_lock", lambda user: None)
    assert acts_of_forty(an_insurer("nomad-life")) > 1
