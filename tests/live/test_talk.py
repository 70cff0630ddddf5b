"""The stream of a talk: what is said is heard with its number, and a browser that comes back misses nothing."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.utils import timezone

from accounts.models import User
from policies.models import Access
from telemed.models import Consultation
from telemed.queries.talk import seat_of, talk_of
from telemed.rules import Channel, Side, Signal, State
from telemed.services import talk
from tests.live.stream import PATIENCE, served
from tests.people import aigul, insured_browser, oksana
from tests.telemed.factories import a_consultation, a_doctor, a_patient

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("live")) as letter:
        yield letter.removesuffix("/live/letter/")


@pytest.fixture
def patient() -> User:
    return aigul()


@pytest.fixture
def talking(patient: User) -> Consultation:
    doctor = a_doctor(oksana())
    return a_consultation(patient, a_patient(patient), State.TALKING, doctor=doctor, began_at=timezone.now())


class Ear:
    """The patient's page, as far as it listens."""

    def __init__(self, house: str, patient: User, talking: Consultation) -> None:
        self._address = f"{house}/live/consultations/{talking.public_id}/talk/"
        session = insured_browser(patient).cookies
        self._cookie = "; ".join(f"{name}={one.value}" for name, one in session.items())
        seat = seat_of(patient, talking.public_id, Side.PATIENT, now=timezone.now())
        assert seat
        self.drawn = talk_of(seat, now=timezone.now()).cursor

    def hears(self, count: int, since: str = "", meanwhile: Callable[[], None] = lambda: None) -> list[dict[str, str]]:
        """The next events, each with its name, data and id. `since`: what the browser has seen last; `meanwhile` is done
        when the stream is open."""
        headers = {"Cookie": self._cookie} | ({"Last-Event-ID": since} if since else {})
        events: list[dict[str, str]] = []
        with httpx.stream(
            "GET", self._address, params={"since": self.drawn}, headers=headers, timeout=PATIENCE
        ) as answer:
            assert answer.status_code == 200
            meanwhile()
            one: dict[str, str] = {}
            for line in answer.iter_lines():
                if line.startswith(":"):
                    continue
                if line:
                    name, _, value = line.partition(":")
                    one[name] = value.removeprefix(" ")
                elif one:
                    events.append(one)
                    one = {}
                if len(events) == count:
                    break
        return events


def say(talking: Consultation, by: User, text: str) -> None:
    talk.say(consultation=talking, side=Side.PATIENT, by=by, text=text, key=uuid.uuid4(), now=timezone.now())


def signal(talking: Consultation, side: Side) -> None:
    facts: Any = {"peer": "b" * 32, "to": "a" * 32, "kind": Signal.OFFER, "data": {"sdp": "v=0\r\n"}}
    talk.signal(consultation=talking, side=side, now=timezone.now(), **facts)


def test_a_browser_that_comes_back_hears_what_came_meanwhile_once_and_in_order(
    house: str, talking: Consultation, patient: User
) -> None:
    ear = Ear(house, patient, talking)
    say(talking, patient, "Первое")
    (first,) = ear.hears(1)
    for text in ("Второе", "Третье\nс новой строки"):
        say(talking, patient, text)
    heard = ear.hears(2, since=first["id"])
    assert [json.loads(one["data"])["text"] for one in heard] == ["Второе", "Третье\nс новой строки"]
    assert ear.hears(1, since=heard[0]["id"]) == heard[1:]


def test_each_side_hears_the_others_signals_and_not_its_own(house: str, talking: Consultation, patient: User) -> None:
    ear = Ear(house, patient, talking)
    signal(talking, Side.PATIENT)
    signal(talking, Side.DOCTOR)
    (heard,) = ear.hears(1)
    assert (heard["event"], json.loads(heard["data"])["sdp"]) == ("signal", "v=0\r\n")


def test_another_channel_is_news_and_the_end_is_the_last(house: str, talking: Consultation, patient: User) -> None:
    ear = Ear(house, patient, talking)
    talk.change_channel(consultation=talking, channel=Channel.AUDIO, by=patient, now=timezone.now())
    (heard,) = ear.hears(1)
    assert (heard["event"], heard["data"]) == ("channel", "audio")
    talk.end(consultation=talking, by=None, now=timezone.now())
    assert [one["event"] for one in ear.hears(1, since=heard["id"])] == ["moved"]


def test_whoever_loses_the_seat_while_listening_hears_nothing_more(
    house: str, talking: Consultation, patient: User
) -> None:
    def lose() -> None:
        Access.objects.update(until=timezone.now())
        say(talking, patient, "Не для всех")

    (heard,) = Ear(house, patient, talking).hears(1, meanwhile=lose)
    assert (heard["event"], heard["data"]) == ("moved", "")
