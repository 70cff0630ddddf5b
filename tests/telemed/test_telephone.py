"""Click-to-call through a peer that speaks the protocol: whatever it answers, either a call has a number or nothing counts."""

from collections.abc import Iterator
from typing import Any

import pytest

from telemed.checks import check_telephone, check_telephone_is_there
from telemed.gateways.telephone import Http, NotConnected, Sandbox, telephone
from tests.peers.telephone import Exchange

DOCTOR, PATIENT = "+77010000077", "+77012345678"


@pytest.fixture
def exchange(settings: Any) -> Iterator[Exchange]:
    peer = Exchange()
    peer.start()
    settings.TELEPHONE_GATEWAY, settings.TELEPHONE_URL = "http", peer.url
    settings.TELEPHONE_LOGIN, settings.TELEPHONE_PASSWORD = "portal", "s3cret"
    yield peer
    peer.stop()


def test_it_connects_the_two_and_names_the_call(exchange: Exchange) -> None:
    assert telephone().connect(DOCTOR, PATIENT, key="one") == "call-1"
    assert exchange.orders == [{"from": DOCTOR, "to": PATIENT, "key": "one"}]


def test_the_same_order_again_is_the_same_call(exchange: Exchange) -> None:
    assert [telephone().connect(DOCTOR, PATIENT, key="one") for _ in range(2)] == ["call-1", "call-1"]


@pytest.mark.parametrize("mode", ["5xx", "garbage", "list", "error", "nothing", "slow"])
def test_whatever_else_it_answers_nobody_was_called(
    exchange: Exchange, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telemed.gateways.telephone.TIMEOUT", 0.5 if mode == "slow" else 5.0)
    exchange.mode = mode
    with pytest.raises(NotConnected):
        Http().connect(DOCTOR, PATIENT, key="one")


def test_a_wrong_password_is_ours_to_mend(exchange: Exchange, settings: Any) -> None:
    settings.TELEPHONE_PASSWORD = "wrong"
    with pytest.raises(NotConnected, match="HTTP 401"):
        Http().connect(DOCTOR, PATIENT, key="one")


def test_one_that_is_away_connects_nobody(exchange: Exchange, settings: Any) -> None:
    settings.TELEPHONE_URL = "http://127.0.0.1:9/"
    with pytest.raises(NotConnected, match="Unreachable"):
        Http().connect(DOCTOR, PATIENT, key="one")


def test_a_host_that_is_not_named_is_not_called(exchange: Exchange, settings: Any) -> None:
    settings.TELEPHONE_URL = "https://elsewhere.example/"
    with pytest.raises(NotConnected, match="HostNotAllowed"):
        Http().connect(DOCTOR, PATIENT, key="one")


def test_a_doctor_without_a_number_is_not_called(exchange: Exchange) -> None:
    with pytest.raises(NotConnected, match="no mobile number"):
        Http().connect("", PATIENT, key="one")
    assert exchange.orders == []


def test_the_sandbox_calls_nobody() -> None:
    assert isinstance(telephone(), Sandbox)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"TELEPHONE_GATEWAY": "pigeon"}, ["telemed.E003"]),
        ({"TELEPHONE_GATEWAY": "http"}, ["telemed.E004", "telemed.E005"]),
        ({"TELEPHONE_GATEWAY": "http", "TELEPHONE_LOGIN": "a", "TELEPHONE_PASSWORD": "b"}, ["telemed.E005"]),
    ],
)
def test_settings_that_would_connect_nobody_are_named(settings: Any, changes: dict[str, str], found: list[str]) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    assert [problem.id for problem in check_telephone()] == found


def test_in_production_the_sandbox_is_spoken_of(settings: Any) -> None:
    settings.DEMO = False
    assert [problem.id for problem in check_telephone_is_there()] == ["telemed.W002"]
    settings.TELEPHONE_GATEWAY = "http"
    assert check_telephone_is_there() == []
