from typing import Any

import pytest

from notices.checks import check_production, check_settings


def found() -> list[str | None]:
    return [message.id for message in check_settings()]


def test_the_settings_of_the_suite_are_sound() -> None:
    assert found() == []


@pytest.mark.parametrize("timeout", [None, 0, 16])
def test_a_mail_server_may_not_hold_the_worker(settings: Any, timeout: float | None) -> None:
    settings.EMAIL_TIMEOUT = timeout
    assert found() == ["notices.E001"]


def test_fifteen_seconds_are_allowed(settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 15
    assert found() == []


def test_the_mail_servers_host_must_be_allowed(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    assert found() == ["notices.E002"]


def test_an_unknown_gateway_is_named(settings: Any) -> None:
    settings.SMS_GATEWAY = "pigeon"
    assert found() == ["notices.E003"]


@pytest.mark.parametrize("missing", ["SMSC_LOGIN", "SMSC_PASSWORD"])
def test_smsc_needs_credentials(settings: Any, missing: str) -> None:
    settings.SMS_GATEWAY, settings.OUTBOUND_HOSTS = "smsc", [settings.EMAIL_HOST, "smsc.kz"]
    settings.SMSC_LOGIN, settings.SMSC_PASSWORD = "portal", "s3cret"
    assert found() == []
    setattr(settings, missing, "")
    assert found() == ["notices.E004"]


def test_smscs_host_must_be_allowed(settings: Any) -> None:
    settings.SMS_GATEWAY, settings.SMSC_LOGIN, settings.SMSC_PASSWORD = "smsc", "portal", "s3cret"
    assert found() == ["notices.E005"]


@pytest.mark.parametrize(
    ("gateway", "demo", "warned"), [("sandbox", False, True), ("sandbox", True, False), ("smsc", False, False)]
)
def test_production_is_warned_of_the_sandbox(settings: Any, gateway: str, demo: bool, warned: bool) -> None:
    settings.SMS_GATEWAY, settings.DEMO = gateway, demo
    assert [message.id for message in check_production()] == ["notices.W001"] * warned
