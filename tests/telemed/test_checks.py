"""A relay that is set up by halves is refused before anybody calls."""

from typing import Any

import pytest

from telemed.checks import check_relay, check_relay_is_there

SECRET = "s" * 32


@pytest.mark.parametrize(
    ("urls", "secret", "found"),
    [
        ([], "", []),
        (["turn:relay.example.kz:3478", "turns:relay.example.kz:5349?transport=tcp"], SECRET, []),
        (["turn:127.0.0.1:3478"], "s" * 31, ["telemed.E002"]),
        (["https://relay.example.kz"], SECRET, ["telemed.E001"]),
        (["turn:relay.example.kz; rm"], "", ["telemed.E001", "telemed.E002"]),
    ],
)
def test_the_relay_is_set_up_whole_or_not_at_all(settings: Any, urls: list[str], secret: str, found: list[str]) -> None:
    settings.TURN_URLS, settings.TURN_SECRET = urls, secret
    assert [message.id for message in check_relay()] == found


def test_a_house_without_a_relay_is_warned(settings: Any) -> None:
    settings.TURN_URLS = []
    assert [message.id for message in check_relay_is_there()] == ["telemed.W001"]
    settings.TURN_URLS = ["turn:relay.example.kz:3478"]
    assert check_relay_is_there() == []
