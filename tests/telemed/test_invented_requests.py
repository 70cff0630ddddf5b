"""The demo's past: told once, ended, and enough of it that the room has something to show."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings as SettingsWrapper

from core.periods import Preset, period_of
from dev.places import ROOT
from policies.models import Insurer
from policies.queries.scopes import Scope
from telemed.models import Consultation
from telemed.queries.figures import report
from telemed.rules import OPEN_STATES, Answering
from telemed.rules.figures import Ending

pytestmark = pytest.mark.django_db


@pytest.fixture
def past(settings: SettingsWrapper) -> None:
    settings.DEMO = True
    call_command("publish_products", stdout=StringIO())
    call_command("publish_doctors", ROOT / "dev/doctors.toml", stdout=StringIO())
    call_command("invent_requests")


@pytest.mark.usefixtures("past")
def test_last_month_has_every_ending_but_an_open_one() -> None:
    insurers, now = list(Insurer.objects.filter(slug__in=["nomad-life", "kazakhinstrakh"])), timezone.now()
    found = report(Scope(insurers, period_of(Preset.LAST_MONTH, insurers[0].today(now))), now=now)
    assert {Ending.TALK, Ending.LEFT, Ending.NOT_REACHED, Ending.CANCELLED, Ending.UNPAID} == set(+found.total.endings)
    assert 0.5 < (found.total.kept or 0) < 1
    assert found.total.claims[Answering.IN_TIME]
    assert len(found.by_programme) == 4  # two programmes, and at each insurer those without cover


@pytest.mark.usefixtures("past")
def test_nobody_waits_in_the_past_and_it_is_told_once() -> None:
    told = Consultation.objects.count()
    call_command("invent_requests")
    assert Consultation.objects.count() == told
    assert not Consultation.objects.filter(state__in=OPEN_STATES).exists()


def test_it_belongs_to_the_demo() -> None:
    with pytest.raises(CommandError, match="DEMO"):
        call_command("invent_requests")
