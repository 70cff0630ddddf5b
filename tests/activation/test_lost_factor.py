"""At the desk: the client lost the second step. One operator asks on the file's page, a colleague confirms there."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.models import FactorLoss, User
from policies.models import Policy
from policies.rules import StaffRole
from tests.activation.desk import BECAUSE, Desk, an_active_policy, auditors_desk, said, text_of, trail_of
from tests.factories import a_policy, an_insurer, another_insurer
from tests.people import a_member, staff_browser

pytestmark = pytest.mark.django_db


def with_a_factor() -> Policy:
    policy, _visitor = an_active_policy()
    TOTP.activate(User.objects.get(activations__policy=policy), generate_totp_secret())
    return policy


def a_colleague(role: StaffRole = StaffRole.OPERATOR) -> Desk:
    return Desk(staff_browser(a_member(role, an_insurer(), "erlan@example.kz")))


def test_it_is_offered_only_where_there_is_a_second_step() -> None:
    desk, policy = Desk(), an_active_policy()[0]
    assert "factor" not in desk.offered(policy)
    assert "factor" not in desk.offered(a_policy("1000000003"))
    TOTP.activate(User.objects.get(activations__policy=policy), generate_totp_secret())
    assert "factor" in desk.offered(policy)


def test_one_asks_and_another_confirms_each_with_a_reason() -> None:
    policy, desk, colleague = with_a_factor(), Desk(), a_colleague()
    assert "Asked. Now another colleague" in said(desk.does(policy, "factor"))
    assert "marat@example.kz asks to lift the second step" in text_of(colleague.opens(policy))
    assert "marat@example.kz asked for it" in text_of(colleague.asks(policy, "factor-confirmed"))
    assert "Confirmed." in said(colleague.does(policy, "factor-confirmed"))
    assert "is lifted" in text_of(desk.opens(policy))
    verbs = [event for event in trail_of(policy) if event[0] != "opened the file"]
    assert verbs == [("asked to lift the second step", BECAUSE), ("confirmed lifting the second step", BECAUSE)]
    assert FactorLoss.objects.get().state == FactorLoss.State.WAITING


def test_whoever_asked_is_told_that_a_colleague_confirms() -> None:
    policy, desk = with_a_factor(), Desk()
    desk.does(policy, "factor")
    assert "a colleague confirms" in said(desk.does(policy, "factor-confirmed"))
    assert FactorLoss.objects.get().state == FactorLoss.State.ASKED


def test_without_a_reason_nothing_is_asked() -> None:
    policy, desk = with_a_factor(), Desk()
    assert "Choose a reason or write one" in text_of(desk.does(policy, "factor", because=" "))
    assert not FactorLoss.objects.exists()


def test_twice_is_once_and_the_second_press_says_so() -> None:
    policy, desk = with_a_factor(), Desk()
    desk.does(policy, "factor")
    assert "Nothing was done" in said(desk.does(policy, "factor"))
    assert FactorLoss.objects.count() == 1


def test_an_auditor_and_another_insurers_operator_do_not() -> None:
    policy = with_a_factor()
    elsewhere = Desk(staff_browser(a_member(StaffRole.OPERATOR, another_insurer(), "elsewhere@example.kz")))
    assert auditors_desk().does(policy, "factor").status_code == 403
    assert elsewhere.does(policy, "factor").status_code == 404
    assert not FactorLoss.objects.exists()
