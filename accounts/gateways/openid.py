"""The OpenID provider of a national sign-in (OpenID Connect Core 1.0): what it says of itself, and whom a code names.

Four questions at most, each with its own patience, never inside a transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from core import outbound

PATIENCE = 4.0  # seconds a question: whoever waits sees a page that says so
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # none that a client's secret or nobody signs
CLOCKS_DIFFER = 60  # seconds that two servers' clocks may be apart


class NotIdentified(Exception):
    """No answer, or one that proves nothing. The reason is for the log and holds no fact about the person."""


@dataclass(frozen=True)
class Client:
    """How the portal is known to the provider."""

    issuer: str
    id: str
    secret: str


@dataclass(frozen=True)
class Provider:
    """What a provider publishes about itself."""

    authorization: str
    token: str
    keys: str
    about: str  # userinfo; empty where all claims stand in the token
    takes_basic: bool


@dataclass(frozen=True)
class Redemption:
    """What the browser brought back, and what this browser's own session knows of it."""

    code: str
    verifier: str  # of PKCE
    redirect_uri: str
    nonce: str


def discover(issuer: str) -> Provider:
    """Raise NotIdentified."""
    found = _json(outbound.get, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise NotIdentified("the provider calls itself by another name than NATIONAL_ID_ISSUER")
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    try:
        return Provider(
            found["authorization_endpoint"], found["token_endpoint"], found["jwks_uri"],
            found.get("userinfo_endpoint", ""), "client_secret_post" not in methods,
        )  # fmt: skip
    except KeyError as error:
        raise NotIdentified(f"the provider publishes no {error}") from error


def redeem(client: Client, provider: Provider, redemption: Redemption) -> dict[str, Any]:
    """Everything that the provider says about the person, verified. Raise NotIdentified."""
    tokens = _redeem(client, provider, redemption)
    claims = read_token(str(tokens.get("id_token")), client, keys=_json(outbound.get, provider.keys))
    if claims.get("nonce") != redemption.nonce:
        raise NotIdentified("the token was issued for another browser")
    if not provider.about:
        return claims
    about = _json(outbound.get, provider.about, bearer=str(tokens.get("access_token")))
    if about.get("sub") != claims["sub"]:
        raise NotIdentified("userinfo speaks of somebody else")  # OpenID Connect Core, 5.3.2
    return {**about, **claims}


def read_token(token: str, client: Client, *, keys: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of an ID token: signature, issuer, audience and time are right. Raise NotIdentified.

    Over TLS the signature might be left out (3.1.3.7); then whoever ends TLS on the way could be anybody.
    """
    required = {"require": ["sub", "iss", "aud", "exp", "iat"]}
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
        fitting = [key for key in jwt.PyJWKSet.from_dict(dict(keys)).keys if key_id in (None, key.key_id)]
        claims: dict[str, Any] = jwt.decode(
            token, fitting[0].key if fitting else "", algorithms=ALGORITHMS, audience=client.id,
            issuer=client.issuer, leeway=CLOCKS_DIFFER, options=required,  # type: ignore[arg-type]
        )  # fmt: skip
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise NotIdentified(f"the token is not accepted: {type(error).__name__}") from error
    if claims.get("azp", client.id) != client.id:
        raise NotIdentified("the token was issued for another client")
    return claims


def _redeem(client: Client, provider: Provider, redemption: Redemption) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": redemption.code,
        "redirect_uri": redemption.redirect_uri,
        "code_verifier": redemption.verifier,
    }
    if provider.takes_basic:
        return _json(outbound.post_form, provider.token, form, basic=(client.id, client.secret))
    return _json(outbound.post_form, provider.token, form | {"client_id": client.id, "client_secret": client.secret})


def _json(ask: Any, url: str, *arguments: Any, **options: Any) -> dict[str, Any]:
    """A refusal, a silence and a page of maintenance are one to whoever waits."""
    try:
        answer = ask(url, *arguments, timeout=PATIENCE, **options)
        found = answer.json() if answer.status == 200 else None
    except (outbound.HostNotAllowed, outbound.Unreachable, ValueError) as error:
        raise NotIdentified(f"no answer: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise NotIdentified(f"no answer: {answer.status}")
    return found
