"""The law of the matrix: what a row of the tables promises to each actor, by method and by whose object it is.

The tables in `permissions/` name each address; docs/notes/permissions.md tells how they are read and extended.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.security.matrix.actors import (
    ACCOUNTS,
    EVERYBODY,
    INSURED,
    NOBODY,
    REACH,
    STAFF,
    VISITORS,
    Actor,
    Actors,
    Household,
)


@dataclass(frozen=True, eq=False)
class Row:
    """One address, as every actor may meet it."""

    url: str  # the name of its pattern, or the route of a pattern without a name
    gate: Actors  # who passes the door before it; the others are sent to sign in (302)
    may: Actors
    acts: Actors | None = None  # who may post; nothing: whoever may read
    sees: Actors = NOBODY  # may see the object elsewhere, but not this page of it: 403
    of: str = ""  # the kind of object that the address names (tests.security.matrix.world)
    at: tuple[str, ...] = ()  # the arguments of an address that names no such object
    get: int = 200  # what who may is answered
    post: int = 405
    else_: int = 403  # what the others are answered
    query: dict[str, str] = field(default_factory=dict)
    sends: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join([self.url, *self.at, *self.query])


def everybody(url: str, **facts: Any) -> Row:
    """A page before any sign-in."""
    return Row(url, EVERYBODY, EVERYBODY, **facts)


def visitors(url: str, **facts: Any) -> Row:
    """A page of the entrance: who is signed in is led on (302)."""
    return Row(url, EVERYBODY, VISITORS, else_=302, **facts)


def cabinet(url: str, of: str = "", **facts: Any) -> Row:
    """A page of whoever is signed in. An object opens to the household's account; not yours is not found."""
    return Row(url, ACCOUNTS, INSURED if of else ACCOUNTS, of=of, else_=404, **facts)


def desk(url: str, may: Actors, **facts: Any) -> Row:
    """A staff page, behind the second factor; closed (403) to whom no role opens it."""
    return Row(url, STAFF, may, **facts)


def scoped(url: str, of: str, may: Actors, **facts: Any) -> Row:
    """A staff page about a row: another insurer's, and one that is for other roles, is not found."""
    return Row(url, STAFF, may, of=of, else_=404, **facts)


def model_pages(
    model: str,
    of: str,
    *,
    reads: Actors,
    adds: Actors = NOBODY,
    changes: Actors = NOBODY,
    deletes: Actors = NOBODY,
    changed: int = 200,
    history: int = 200,
) -> list[Row]:
    """The six addresses that Django's admin gives to a model, `model` as their names begin.

    `changed` is what an empty form is answered on the page of a row: an error (200), or 405 where it is only read.
    `history` is 404 where services act and Django's own record of forms would be empty.
    """
    app, name = model.split("_")
    return [
        desk(f"admin:{model}_changelist", reads, post=200),
        desk(f"admin:{model}_add", adds, post=200),
        scoped(f"admin:{model}_change", of, reads, acts=changes, post=changed),
        scoped(f"admin:{model}_delete", of, deletes, sees=reads, post=302),
        scoped(f"admin:{model}_history", of, reads, get=history, post=404 if history == 404 else 405),
        desk(f"staff/{app}/{name}/<path:object_id>/", STAFF, at=("1",), get=302, post=302),
    ]


# ── The law ──────────────────────────────────────────────────────────────────
def expected(row: Row, actor: Actor, method: str, household: Household | None) -> set[int]:
    """The codes that are right. `household`: whose object is asked for; None: one that nobody has."""
    code = row.post if method == "POST" else row.get
    refusal = refused(row, actor, method, household)
    if refusal is None:
        return {code}
    return {refusal, 405} if code == 405 else {refusal}  # whichever is noticed first


def refused(row: Row, actor: Actor, method: str, household: Household | None) -> int | None:
    """With which code; None where the page opens."""
    if actor not in row.gate:
        return 302
    if actor not in row.may | row.sees:
        return row.else_
    if row.of and household not in REACH[actor]:
        return 404
    may = row.acts if method == "POST" and row.acts is not None else row.may
    return None if actor in may else 403


# ── Addresses ────────────────────────────────────────────────────────────────
def path_of(row: Row, key: str) -> str:
    """Where `key`, if the row is about an object, is asked for; «a/b» is b, which belongs to a."""
    arguments = key.split("/") if row.of else list(row.at)
    if "/" not in row.url:
        return reverse(row.url, args=arguments)
    return "/" + re.sub(r"<.+?>|\(.+\)\$", "".join(arguments), row.url)


def every_url(resolver: URLResolver | None = None, namespace: str = "", route: str = "") -> Iterator[str]:
    """All that the resolver knows, as rows call them."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_url(pattern, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""), here)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else here
