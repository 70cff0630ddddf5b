"""A lost second step: one colleague asks, another confirms, the owner has a day to stop it (security.md, 1.6)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import rules, services
from accounts.models import FactorLoss, User
from accounts.tasks import end_holds
from core.models import AuditEvent
from tests.accounts.conftest import Letters
from tests.accounts.doors import is_signed_in, sign_in
from tests.accounts.sms import PHONE, with_mobile
from tests.people import marat, saule

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 7, tzinfo=UTC)
BRAND = {"name": "Номад", "phone": "22-58", "hours": "", "url": "http://127.0.0.1:8000"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner() -> User:
    user = with_mobile()
    TOTP.activate(user, generate_totp_secret())
    return user


def ask(owner: User, by: User) -> None:
    services.ask_to_lift_factor(user=owner, by=by, reason="the phone is lost", scope="nsk", now=NOON)


def confirm(owner: User, by: User) -> None:
    services.confirm_lifting(user=owner, by=by, reason="called back", scope="nsk", brand=BRAND, now=NOON)


def asked_and_confirmed(owner: User) -> None:
    ask(owner, marat())
    confirm(owner, saule())


def has_factor(owner: User) -> bool:
    return Authenticator.objects.filter(user=owner).exists()


def test_two_colleagues_and_a_day_lift_it_and_end_every_session(owner: User, clock: time_machine.Traveller) -> None:
    asked_and_confirmed(owner)
    clock.move_to(NOON + rules.HOLD - timedelta(seconds=1))
    end_holds()
    assert has_factor(owner)
    clock.move_to(NOON + rules.HOLD)
    end_holds()
    assert not has_factor(owner)
    browser = Client()
    assert sign_in(browser)["Location"] == "/"
    assert is_signed_in(browser)


def test_whoever_asked_cannot_confirm(owner: User) -> None:
    colleague = marat()
    ask(owner, colleague)
    with pytest.raises(services.NeedsColleague):
        confirm(owner, colleague)
    assert FactorLoss.objects.get().state == FactorLoss.State.ASKED


def test_the_database_would_not_let_them_either(owner: User) -> None:
    colleague = marat()
    ask(owner, colleague)
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorLoss.objects.update(confirmed_by=colleague)
    FactorLoss.objects.update(confirmed_by=saule())  # control


def test_the_database_lets_nothing_wait_that_no_second_one_saw(owner: User) -> None:
    ask(owner, marat())
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorLoss.objects.update(state=FactorLoss.State.WAITING, takes_effect_at=NOON)


def test_asked_alone_nothing_happens_however_long(owner: User, clock: time_machine.Traveller) -> None:
    ask(owner, marat())
    clock.shift(timedelta(days=30))
    end_holds()
    assert has_factor(owner)


def test_the_owner_reads_of_it_at_both_contacts_before_and_after(
    owner: User, letters: Letters, clock: time_machine.Traveller
) -> None:
    ask(owner, marat())
    assert letters() == []
    confirm(owner, saule())
    both = [("email", "aigul@example.kz"), ("sms", PHONE)]
    assert [(letter.channel, letter.to) for letter in letters() if letter.kind == "factor_loss"] == both
    clock.shift(rules.HOLD)
    end_holds()
    assert [(letter.channel, letter.to) for letter in letters() if letter.kind == "account_changed"] == both


def test_the_link_stops_it_by_its_button_once(owner: User, letters: Letters, clock: time_machine.Traveller) -> None:
    asked_and_confirmed(owner)
    link = letters()[-1].context["url"].removeprefix("http://127.0.0.1:8000")
    assert Client().head(link).status_code == Client().get(link).status_code == 200
    assert FactorLoss.objects.get().state == FactorLoss.State.WAITING
    assert Client().post(link).status_code == 200
    assert Client().post(link).status_code == 410
    clock.shift(rules.HOLD)
    end_holds()
    assert has_factor(owner)


def test_where_there_is_no_second_step_nothing_is_asked(owner: User) -> None:
    Authenticator.objects.all().delete()
    with pytest.raises(services.NothingToLift):
        ask(owner, marat())


def test_a_colleagues_second_step_is_not_lifted_this_way(owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_staff=True)
    with pytest.raises(services.NothingToLift):
        ask(owner, marat())


def test_a_second_wish_while_one_is_open_is_refused_and_after_it_was_stopped_is_not(owner: User) -> None:
    colleague = marat()
    ask(owner, colleague)
    with pytest.raises(services.NothingToLift):
        ask(owner, colleague)
    FactorLoss.objects.update(state=FactorLoss.State.STOPPED)
    ask(owner, colleague)


def test_what_nobody_asked_for_or_somebody_confirmed_is_not_confirmed(owner: User) -> None:
    with pytest.raises(services.NothingToLift):
        confirm(owner, saule())
    ask(owner, marat())
    second = User.objects.get(email="marat@example.kz")
    FactorLoss.objects.update(state=FactorLoss.State.STOPPED)
    with pytest.raises(services.NothingToLift):
        confirm(owner, second)


def test_the_trail_says_who_asked_who_confirmed_and_why(owner: User, clock: time_machine.Traveller) -> None:
    asked_and_confirmed(owner)
    clock.shift(rules.HOLD)
    end_holds()
    trail = AuditEvent.objects.filter(object_id=str(owner.pk)).order_by("pk").select_related("actor")
    assert [(event.verb, event.actor and event.actor.email, event.reason) for event in trail] == [
        ("asked to lift the second step", "marat@example.kz", "the phone is lost"),
        ("confirmed lifting the second step", "saule@example.kz", "called back"),
        ("lifted the second step", None, ""),
    ]
