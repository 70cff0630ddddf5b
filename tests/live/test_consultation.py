"""Whoever waits for a doctor hears the call at once, and is present while the stream is open (TM-42)."""

from collections.abc import Iterator

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from telemed.models import Consultation, PresenceSpan
from telemed.rules import State
from telemed.services.queue import take_next
from tests.live.stream import PATIENCE, Waiting, served, sessions, until
from tests.people import aigul, insured_browser, oksana
from tests.telemed.factories import a_consultation, a_patient, on_duty

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("live")) as address:
        yield address.removesuffix("/live/letter/")


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def mine(user: User) -> Consultation:
    return a_consultation(user, a_patient(user))


def stream_of(consultation: Consultation, state: State = State.WAITING) -> str:
    return f"/live/consultations/{consultation.public_id}/?state={state}"


def test_the_call_is_heard_and_the_wait_was_presence(origin: str, user: User, mine: Consultation) -> None:
    doctor = on_duty(oksana())
    doctor.duty_spans.update(since=timezone.now())
    browser = insured_browser(user)
    with Waiting(origin + stream_of(mine), browser) as page:
        until(lambda: len(sessions("LISTEN%")) == 1)
        until(lambda: PresenceSpan.objects.filter(consultation=mine).exists())
        take_next(doctor=doctor, now=timezone.now())
        assert page.hears() == "event: moved"
    with Waiting(origin + stream_of(mine), browser) as late:  # as a phone that slept meanwhile
        assert late.hears() == "event: moved"


def test_there_is_no_stream_when_it_is_over_or_nobody_is_signed_in(origin: str, user: User, mine: Consultation) -> None:
    """Somebody else's is not found: tests/security/matrix."""
    assert status(origin, mine, Client()) == 302
    Consultation.objects.update(state=State.CANCELLED)
    assert status(origin, mine, insured_browser(user)) == 204
    assert not PresenceSpan.objects.exists()


def status(origin: str, consultation: Consultation, browser: Client) -> int:
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    return httpx.get(origin + stream_of(consultation), headers={"Cookie": cookies}, timeout=PATIENCE).status_code
