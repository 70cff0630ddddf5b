"""The demo's people: told of at every start, whatever was tried with them before."""

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from pytest_django.fixtures import Settings as SettingsWrapper

from accounts.models import User
from activation.management.firm import FIRMS
from policies.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings: SettingsWrapper) -> None:
    settings.DEMO = True
    call_command("publish_products", stdout=StringIO())


def starts() -> str:
    said = StringIO()
    call_command("invent_people", stdout=said)
    return said.getvalue()


def test_the_demo_starts_again_after_somebody_has_changed_the_address_of_the_cabinet() -> None:
    assert "botagoz@example.kz" in starts()
    User.objects.filter(email="botagoz@example.kz").update(email="new@example.kz")
    EmailAddress.objects.filter(email="botagoz@example.kz").update(email="new@example.kz")
    assert "Sign in:    new@example.kz" in starts()


def test_everybody_whom_a_firm_has_insured_is_told_and_can_be_written_to() -> None:
    said = starts()
    for firm in FIRMS:
        for employee in firm.people:
            assert employee.email in said
            assert Person.objects.filter(email=employee.email, parties__policy__insured_id=employee.insured_id).exists()


def test_every_card_of_sogaz_is_told_with_what_a_newcomer_types() -> None:
    for said in (starts(), starts()):
        for words in ("1825 DM 0417  20.05.1968  Смирнова Ольга Петровна", "1825 DM 0418", "1825 DM 0419"):
            assert said.count(words) == 1
