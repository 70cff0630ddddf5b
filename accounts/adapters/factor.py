from allauth.mfa.adapter import DefaultMFAAdapter

from accounts.services import AUTHENTICATORS
from core import sealing


class MfaAdapter(DefaultMFAAdapter):
    """What an authenticator app or a list of recovery codes is made from is sealed: a copied table is no second factor."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, purpose=AUTHENTICATORS)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text, purpose=AUTHENTICATORS)
