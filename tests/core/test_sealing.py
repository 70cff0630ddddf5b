"""Sealed text: read with any present key, sealed with the newest, and only for its purpose."""

import pytest
from cryptography.fernet import InvalidToken
from django.conf import LazySettings

from core.sealing import reseal, seal, unseal


def test_what_is_sealed_is_read_again_and_looks_otherwise_each_time() -> None:
    first, second = seal("JBSWY3DP", purpose="apps"), seal("JBSWY3DP", purpose="apps")
    assert first != second
    assert "JBSWY3DP" not in first
    assert unseal(first, purpose="apps") == unseal(second, purpose="apps") == "JBSWY3DP"


@pytest.mark.parametrize("purpose", ["", "banks"])
def test_another_purpose_reads_nothing(purpose: str) -> None:
    with pytest.raises(InvalidToken):
        unseal(seal("JBSWY3DP", purpose="apps"), purpose=purpose)


def test_a_changed_key_is_followed(settings: LazySettings) -> None:
    """New key in front, seal anew, drop the old one."""
    sealed, old = seal("JBSWY3DP", purpose="apps"), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [old]
    assert unseal(sealed, purpose="apps") == "JBSWY3DP"
    anew = reseal(sealed, purpose="apps")
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(anew, purpose="apps") == "JBSWY3DP"
    with pytest.raises(InvalidToken):
        unseal(sealed, purpose="apps")
