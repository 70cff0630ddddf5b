"""Text that the portal must read again, and nobody who holds a copy of the database alone.

The keys come from SECRET_KEY and SECRET_KEY_FALLBACKS: what was sealed under a fallback is still read, and is sealed anew
(`reseal`) before that fallback goes.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def seal(text: str, *, purpose: str) -> str:
    """`purpose` separates the keys: what is sealed for one is not read for another."""
    return _keys(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Raises cryptography.fernet.InvalidToken where no present key fits."""
    return _keys(purpose).decrypt(sealed.encode()).decode()


def reseal(sealed: str, *, purpose: str) -> str:
    """The same text under the newest key. Raises as `unseal`."""
    return _keys(purpose).rotate(sealed.encode()).decode()


def _keys(purpose: str) -> MultiFernet:
    """The newest first: it seals, each of them unseals."""
    return MultiFernet(
        Fernet(urlsafe_b64encode(salted_hmac(purpose, "", secret=key, algorithm="sha256").digest()))
        for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    )
