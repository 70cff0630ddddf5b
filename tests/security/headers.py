"""What every answer owes a browser, in sentences where it does not (security.md, 1.3)."""

import re
from collections.abc import Iterator
from typing import Any

EXACTLY = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A page where somebody talks, or tries out how, asks for the camera itself; any other asks for nothing.
PERMISSIONS = {f"camera=({whose}), microphone=({whose}), geolocation=(), payment=(), usb=()" for whose in ("", "self")}
SOURCES = {
    "default-src": {"'self'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
}
NONCE = re.compile(r"'nonce-([\w+/=-]{16,})'")
INLINE = re.compile(r"<(script|style)\b([^>]*)>", re.IGNORECASE)
ATTRIBUTES = re.compile(r"<[a-z][^>]*\s(on[a-z]+|style)\s*=", re.IGNORECASE)


def complaints(answer: Any) -> Iterator[str]:
    for name, value in EXACTLY.items():
        if answer.headers.get(name) != value:
            yield f"{name}: {answer.headers.get(name)}"
    if answer.headers.get("Permissions-Policy") not in PERMISSIONS:
        yield f"Permissions-Policy: {answer.headers.get('Permissions-Policy')}"
    policy = answer.headers.get("Content-Security-Policy", "")
    yield from about_policy(policy)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        yield from about_page(answer.text, nonces_of(policy))
    for cookie in answer.cookies.values():
        yield from about_cookie(cookie)


def nonces_of(policy: str) -> set[str]:
    return set(NONCE.findall(policy))


def about_policy(policy: str) -> Iterator[str]:
    said = {
        name: set(sources.split()) for name, _, sources in (part.strip().partition(" ") for part in policy.split(";"))
    }
    for name, sources in SOURCES.items():
        beyond = {source for source in said.get(name, {"nothing said"}) - sources if not NONCE.fullmatch(source)}
        if beyond or not sources <= said.get(name, set()):
            yield f"Content-Security-Policy: {name} {beyond or sources}"
    if unknown := set(said) - set(SOURCES):
        yield f"Content-Security-Policy: {unknown}"
    if len(nonces_of(policy)) > 1:
        yield "Content-Security-Policy: more than one nonce"


def about_page(page: str, nonces: set[str]) -> Iterator[str]:
    """What stands in the page itself runs only with the nonce of this answer; attributes never do."""
    for tag, attributes in INLINE.findall(page):
        given = re.search(r'nonce="([^"]*)"', attributes)
        is_data = re.search(r'type="application/(ld\+)?json"', attributes)
        if not is_data and " src=" not in attributes and (not given or given[1] not in nonces):
            yield f"<{tag}{attributes}> without the answer's nonce"
    for attribute in ATTRIBUTES.findall(page):
        yield f"an attribute {attribute}"


def about_cookie(cookie: Any) -> Iterator[str]:
    if not cookie.value:
        return  # taken back
    if not cookie.key.startswith("__Host-"):
        yield f"a cookie by the name of {cookie.key}"
    facts = (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"])
    if facts != (True, True, "Lax", "/", ""):
        yield f"{cookie.key}: {facts}"
