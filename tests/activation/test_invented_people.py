"""The demo's people: told of at every start, whatever was tried with them before."""

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from pytest_django.fixtures import Settings as SettingsWrapper

from accounts.models import User

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
