"""An OpenID provider on loopback with invented people: the national sign-in of `make demo` and of the suite.

It asks no password: whoever comes chooses who they are. What it issues is signed and checked as OpenID Connect Core wants it.
"""

import argparse
import base64
import hashlib
import html
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import django
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT, SECRET = "portal", "invented"
Claims = dict[str, Any]
PAGE = """<!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Digital ID</title><link rel="icon" href="data:,"><style>
body {{ font: 1.125rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 0 auto; padding: 1rem }}
a {{ display: block; padding: .75rem 0 }}
</style><h1>Digital ID</h1><p>Кто вы? Бұл кім? Who are you?</p>{people}</html>"""


def main() -> None:
    from dev.processes import Stop, stop_on_signals

    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    django.setup()
    from activation.management.commands.invent_people import at_the_national_service

    provider = IdentityProvider(at_the_national_service(), port=options.parse_args().port)
    stop_on_signals()
    try:
        provider.serve()
    except Stop:
        provider.close()


class Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A portal that did not wait: its patience is short on purpose."""


class IdentityProvider:
    """`twist`: what becomes of an ID token's claims before they are signed. `answers`: overrules what an address says."""

    def __init__(self, people: Mapping[str, Claims], *, port: int = 0) -> None:
        self.people = dict(people)
        self.twist: Callable[[Claims], Claims] = lambda claims: claims
        self.answers: dict[str, Callable[[], tuple[int, str]]] = {}
        self.key = ec.generate_private_key(ec.SECP256R1())
        self._codes: dict[str, dict[str, str]] = {}
        self._server = Server(("127.0.0.1", port), self._handler())
        self.issuer = f"http://localhost:{self._server.server_port}"

    def serve(self) -> None:
        self._server.serve_forever(0.05)

    def start(self) -> None:
        threading.Thread(target=self.serve, daemon=True).start()

    def close(self) -> None:
        self._server.server_close()

    def stop(self) -> None:
        self._server.shutdown()
        self.close()

    # ── The person's side ──
    def authorize(self, asked: dict[str, str], person: str) -> str:
        """Back to the portal, with a code that names the person."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = {**asked, "person": person}
        return asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})

    def page(self, asked: dict[str, str]) -> str:
        ways = {claims["name"]: self.authorize(asked, person) for person, claims in self.people.items()}
        ways["—"] = asked["redirect_uri"] + "?" + urlencode({"error": "access_denied", "state": asked["state"]})
        links = (f'<a href="{html.escape(way)}">{html.escape(name)}</a>' for name, way in ways.items())
        return PAGE.format(people="".join(links))

    # ── The portal's side ──
    def answer(self, path: str, sent: dict[str, str], authorization: str) -> tuple[int, str]:
        if path in self.answers:
            return self.answers[path]()
        match path:
            case "/.well-known/openid-configuration":
                return 200, json.dumps(self.about())
            case "/authorize":
                return 200, self.page(sent)
            case "/keys":
                return 200, json.dumps({"keys": [self.public_key()]})
            case "/token":
                return self.token(sent, authorization)
            case "/userinfo":
                person = authorization.removeprefix("Bearer ")
                return 200, json.dumps({"sub": person, **self.people[person]})
        return 404, ""

    def about(self) -> Claims:
        ways = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        addresses = {f"{name}_endpoint": f"{self.issuer}/{way}" for name, way in ways.items()}
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **addresses}

    def public_key(self) -> Claims:
        return {**jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True), "kid": "1", "use": "sig"}

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, str]:
        """A code works once, for the client that asked, with the verifier of its challenge."""
        asked = self._codes.pop(sent.get("code", ""), {})
        challenge = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        is_right = asked.get("code_challenge") == base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if authorization != f"Basic {known}" or not is_right or sent["redirect_uri"] != asked["redirect_uri"]:
            return 400, json.dumps({"error": "invalid_grant"})
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": asked["person"], "nonce": asked.get("nonce")}
        claims = self.twist({**claims, "iat": now, "exp": now + 300})
        token = jwt.encode(claims, self.key, algorithm="ES256", headers={"kid": "1"})
        return 200, json.dumps({"id_token": token, "access_token": asked["person"], "token_type": "Bearer"})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply(dict(parse_qsl(urlsplit(self.path).query)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.reply(dict(parse_qsl(body.decode())))

            def reply(self, sent: dict[str, str]) -> None:
                path = urlsplit(self.path).path
                status, body = provider.answer(path, sent, self.headers.get("Authorization", ""))
                self.send_response(status)
                kind = "text/html" if path == "/authorize" else "application/json"
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *arguments: Any) -> None:
                """Quiet."""

        return Handler


if __name__ == "__main__":
    main()
