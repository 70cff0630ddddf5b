"""The invented provider of the demo, set up for a test as its environment would."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings as SettingsWrapper

from dev.identity import CLIENT, SECRET, Claims, IdentityProvider

IIN = "610314400318"
AIGUL: Claims = {
    "name": "Садыкова Айгуль", "iin": IIN, "birthdate": "1961-03-14", "email": "Aigul@example.kz", "email_verified": True,
}  # fmt: skip


@pytest.fixture
def provider(settings: SettingsWrapper) -> Iterator[IdentityProvider]:
    provider = IdentityProvider({"aigul": AIGUL})
    provider.start()
    settings.NATIONAL_ID_ISSUER, settings.NATIONAL_ID_NAME = provider.issuer, "Digital ID"
    settings.NATIONAL_ID_CLIENT, settings.NATIONAL_ID_SECRET = CLIENT, SECRET
    yield provider
    provider.stop()
