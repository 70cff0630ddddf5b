"""The coordinators' room hears what moves at its own insurers; a doctor's desk hears its patients, and is present meanwhile."""

from collections.abc import Iterator

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from policies.models import Policy, StaffMembership
from telemed.models import DeskPresence
from telemed.queries.load import mark_of
from telemed.rules import State
from telemed.services.duty import go_on_duty
from telemed.services.queue import queue
from tests.factories import a_borrower, a_policy
from tests.live.stream import PATIENCE, Waiting, served, sessions, until
from tests.people import aigul, insured_browser, oksana, staff_browser, zarina
from tests.telemed.factories import a_consultation, a_doctor, a_patient

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("live")) as address:
        yield address.removesuffix("/live/letter/")


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_patient(user, a_borrower())


def asks(user: User, policy: Policy) -> None:
    consultation = a_consultation(user, policy, State.UNPAID, queued_at=None)
    queue(consultation, by=user, now=timezone.now())


def test_the_room_hears_its_own_insurers_and_goes_on_listening(origin: str, user: User, policy: Policy) -> None:
    browser, elsewhere = staff_browser(zarina(policy.insurer)), a_policy()
    drawn = mark_of([policy.insurer.pk])
    with Waiting(f"{origin}/live/assistance/?since={drawn}", browser) as page:
        until(lambda: len(sessions("LISTEN%")) == 1)
        asks(user, elsewhere)  # moves nothing here
        asks(user, policy)
        assert page.hears() == f"id: {mark_of([policy.insurer.pk])}"


@pytest.mark.long
def test_whoever_coordinates_nobody_any_more_hears_nothing(origin: str, user: User, policy: Policy) -> None:
    coordinator = zarina(policy.insurer)
    drawn = mark_of([])
    with Waiting(f"{origin}/live/assistance/?since={drawn}", staff_browser(coordinator), patience=2) as page:
        StaffMembership.objects.filter(user=coordinator).delete()
        until(lambda: len(sessions("LISTEN%")) == 1)
        asks(user, policy)
        with pytest.raises(httpx.ReadTimeout):
            page.hears()


def test_an_insured_person_is_led_away(origin: str, user: User) -> None:
    """Staff of other roles: tests/security/matrix."""
    browser = insured_browser(user)
    assert [status(origin, path, browser) for path in ("/live/assistance/", "/live/desk/")] == [302, 302]


def test_a_desk_that_is_open_is_presence_and_hears_who_comes(origin: str, user: User, policy: Policy) -> None:
    on_duty = oksana()
    go_on_duty(doctor=a_doctor(on_duty, insurer=policy.insurer), now=timezone.now())
    browser = staff_browser(on_duty)
    mark = browser.get("/desk/").context["desk"].mark
    DeskPresence.objects.all().delete()
    with Waiting(f"{origin}/live/desk/?mark={mark}", browser) as page:
        until(lambda: DeskPresence.objects.filter(user=on_duty).exists())
        asks(user, policy)
        assert page.hears() == "event: moved"


def status(origin: str, path: str, browser: Client) -> int:
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    return httpx.get(origin + path, headers={"Cookie": cookies}, timeout=PATIENCE).status_code
