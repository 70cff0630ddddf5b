"""A passkey as a browser hands it over when it is registered. Its private half exists nowhere: nobody signs in with it."""

from typing import Any

from allauth.mfa.models import Authenticator
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.models import User


def a_passkey(user: User, name: str) -> Authenticator:
    return Authenticator.objects.create(
        user=user, type="webauthn", data={"name": name, "credential": credential(str(user.pk).encode())}
    )


CLIENT = b'{"type": "webauthn.create", "challenge": "", "origin": "http://testserver"}'


def credential(key: bytes) -> dict[str, Any]:
    public = ES256({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)})
    known = AttestedCredentialData.create(Aaguid.NONE, key, public)
    flags = AuthenticatorData.FLAG.USER_PRESENT | AuthenticatorData.FLAG.ATTESTED
    attestation = AttestationObject.create("none", AuthenticatorData.create(bytes(32), flags, 0, known), {})
    return {
        "id": websafe_encode(key),
        "rawId": websafe_encode(key),
        "type": "public-key",
        "response": {"clientDataJSON": websafe_encode(CLIENT), "attestationObject": websafe_encode(attestation)},
        "clientExtensionResults": {},
    }
