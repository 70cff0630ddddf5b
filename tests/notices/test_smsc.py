"""SMS through a peer that speaks SMSC's protocol."""

from typing import Any
from uuid import uuid4

import pytest

from notices.gateways.base import Message, Misconfigured, NotAccepted, Refused, Temporary
from notices.gateways.smsc import Smsc, own_number
from tests.peers.smsc import SmsGateway


def sms(**changes: Any) -> Message:
    facts: dict[str, Any] = {
        "key": str(uuid4()), "to": "+77012344567", "sender": "", "language": "kk", "subject": "",
        "text": "417302 - код, Менің полисім ₸", "html": "", "again": False,
    }  # fmt: skip
    return Message(**facts | changes)


def test_a_message_goes_out_with_our_number_and_all_its_letters(sms_gateway: SmsGateway, settings: Any) -> None:
    settings.SMSC_SENDER = "MOIPOLIS"
    message = sms()
    accepted = Smsc().deliver(message)
    (sent,) = sms_gateway.sent
    assert (sent["phones"], sent["mes"], sent["sender"]) == (message.to, message.text, "MOIPOLIS")
    assert sent["id"] == accepted.provider_id == own_number(message.key)
    assert accepted.answer == "2 part(s)"


def test_the_senders_name_of_the_message_goes_before_the_settings_one(sms_gateway: SmsGateway, settings: Any) -> None:
    settings.SMSC_SENDER = "MOIPOLIS"
    Smsc().deliver(sms(sender="NOMAD"))
    assert sms_gateway.sent[0]["sender"] == "NOMAD"


def test_without_a_name_none_is_sent(sms_gateway: SmsGateway) -> None:
    Smsc().deliver(sms())
    assert "sender" not in sms_gateway.sent[0]


@pytest.mark.parametrize(
    ("mode", "error", "everyone"),
    [
        (1, Refused, False),
        (2, Misconfigured, True),
        (3, Misconfigured, True),
        (4, Misconfigured, True),
        (5, Refused, False),
        (6, Refused, False),
        (7, Refused, False),
        (8, Refused, False),
        (9, Temporary, False),
        ("5xx", Temporary, True),
        ("lost", Temporary, True),
        ("slow", Temporary, True),
        ("garbage", Temporary, False),
    ],
)
def test_each_answer_means_what_the_protocol_says(
    sms_gateway: SmsGateway, mode: str | int, error: type[NotAccepted], everyone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mode == "slow":
        monkeypatch.setattr("notices.gateways.smsc.TIMEOUT", 0.5)
    sms_gateway.mode, sms_gateway.pause = mode, 1.0
    with pytest.raises(error) as raised:
        Smsc().deliver(sms())
    assert raised.value.everyone is everyone
    assert "417302" not in str(raised.value)


@pytest.mark.parametrize("body", ["[]", "null", '{"cnt": 1}', '{"id": "x"}', '{"error_code": null}', ""])
def test_an_answer_that_is_no_answer_is_tried_again(
    sms_gateway: SmsGateway, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms_gateway, "answer", lambda path, form: (200, body))
    with pytest.raises(Temporary):
        Smsc().deliver(sms())


def test_a_message_whose_answer_was_lost_is_not_sent_and_paid_twice(sms_gateway: SmsGateway) -> None:
    message = sms()
    sms_gateway.mode = "lost"
    with pytest.raises(Temporary):
        Smsc().deliver(message)
    sms_gateway.mode = "ok"
    accepted = Smsc().deliver(sms(key=message.key, again=True))
    assert accepted.answer == "status 1"
    assert len(sms_gateway.sent) == 1


def test_a_repeat_of_what_never_arrived_is_sent(sms_gateway: SmsGateway) -> None:
    Smsc().deliver(sms(again=True))
    assert len(sms_gateway.sent) == 1


def test_a_first_try_does_not_ask_for_a_status(sms_gateway: SmsGateway) -> None:
    Smsc().deliver(sms())
    assert sms_gateway.requests == 1


@pytest.mark.parametrize("state", [-1, 0, 1, 2])
def test_a_repeat_of_what_is_on_its_way_is_accepted(sms_gateway: SmsGateway, state: int) -> None:
    message = sms(again=True)
    sms_gateway.states[own_number(message.key)] = state
    assert Smsc().deliver(message).provider_id == own_number(message.key)
    assert sms_gateway.sent == []


@pytest.mark.parametrize("state", [3, 4, 20, 22, 23, 24, 25])
def test_a_repeat_of_what_failed_for_good_is_refused(sms_gateway: SmsGateway, state: int) -> None:
    message = sms(again=True)
    sms_gateway.states[own_number(message.key)] = state
    with pytest.raises(Refused, match=f"status {state}"):
        Smsc().deliver(message)


def test_a_wrong_password_is_ours_to_mend(sms_gateway: SmsGateway, settings: Any) -> None:
    settings.SMSC_PASSWORD = "wrong"
    with pytest.raises(Misconfigured, match="error 2"):
        Smsc().deliver(sms())


def test_a_host_that_is_not_allowed_is_ours_to_mend(sms_gateway: SmsGateway, settings: Any) -> None:
    settings.SMSC_URL = "https://sms.example/sys/"
    with pytest.raises(Misconfigured) as raised:
        Smsc().deliver(sms())
    assert raised.value.everyone


def test_our_number_fits_the_gateways_range() -> None:
    assert own_number("00000000-0000-0000-0000-000000000000") == "1"
    assert 1 <= int(own_number("ffffffff-ffff-ffff-ffff-ffffffffffff")) <= 2147483647
