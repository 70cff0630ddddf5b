"""Walks a row of the matrix as every actor, and says in sentences what is not as the row promises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction

from core.form_tokens import FIELD
from tests.forms import drawn_for
from tests.security.matrix.actors import EVERYBODY, INSURED, REACH, Actor, Actors, Household
from tests.security.matrix.law import Row, expected, path_of, refused
from tests.security.matrix.permissions import ROWS
from tests.security.matrix.world import World

# What opening a page may write (that somebody who waits is there, TM-42, among it); and the one-time token of a form that
# was refused, which is rolled back.
ASIDE = {
    "django_session", "core_cache", "core_auditevent", "core_limit", "core_sentform", "telemed_presencespan",
    "telemed_deskpresence",
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """Who asks how for whose object."""

    row: Row
    actor: Actor
    method: str
    household: Household | None

    def __str__(self) -> str:
        whose = f" of {self.household or 'nobody’s'} {self.row.of}" if self.row.of else ""
        return f"{self.method}{whose} by {self.actor}"

    def path(self, world: World) -> str:
        return path_of(self.row, world.key(self.row.of, self.household) if self.row.of else "")

    @property
    def right(self) -> set[int]:
        return expected(self.row, self.actor, self.method, self.household)

    @property
    def is_refused(self) -> bool:
        return refused(self.row, self.actor, self.method, self.household) is not None

    @property
    def is_foreign(self) -> bool:
        return bool(self.row.of) and self.household not in REACH[self.actor]


@dataclass(frozen=True)
class Answer:
    code: int
    body: str  # without what differs from one answer to the next by itself: the path asked for, numbers, tokens
    templates: tuple[str, ...]


def complaints(world: World, row: Row, method: str, actors: Actors = EVERYBODY) -> Iterator[str]:
    """Nothing where everybody is answered as the row says, reads nothing of others, and only who may writes."""
    asking = [actor for actor in Actor if actor in actors]
    questions = [Question(row, actor, method, whose) for actor in asking for whose in households(world, row, actor)]
    before = written()
    harmless = {q: undone(world, q) for q in questions if method != "POST" or q.is_refused}
    if tables := changed(before):
        yield f"{method} that should change nothing writes into {', '.join(tables)}"
    answers = harmless | {q: undone(world, q) for q in questions if q not in harmless}
    for question, answer in answers.items():
        if answer.code not in question.right:
            yield f"{question}: answered {answer.code} instead of {' or '.join(map(str, sorted(question.right)))}"
        if leaked := leaks(world, question.actor, answer.body):
            yield f"{question}: shows {', '.join(leaked)}"
    yield from tellings(answers)


def households(world: World, row: Row, actor: Actor) -> list[Household | None]:
    """Whose object is asked for: own and related ones, a foreign one, and one that nobody has."""
    if not row.of or actor not in row.gate or actor not in row.may | row.sees:
        return [Household.AIGUL]
    own = [household for household in world.keys[row.of] if household in REACH[actor]]
    foreign = [household for household in world.keys[row.of] if household not in REACH[actor]]
    return [*(own if actor in INSURED else own[:1]), *foreign[-1:], None]


@dataclass(frozen=True)
class Page:
    row: Row
    path: str
    text: str


def opened(world: World, actor: Actor) -> Iterator[Page]:
    """Every page that opens to this actor, as a browser would read it."""
    for row in ROWS:
        for whose in households(world, row, actor):
            question = Question(row, actor, "GET", whose)
            if row.get == 200 and not question.is_refused:
                answer = world.browser(actor).get(question.path(world), row.query)
                if "text/html" in answer.get("Content-Type", ""):
                    yield Page(row, question.path(world), text_of(answer))


def ask(world: World, question: Question) -> Answer:
    """As if nobody had asked before: each begins with the cookies of the sign-in."""
    row, browser = question.row, world.browser(question.actor)
    path = question.path(world)
    form = {FIELD: drawn_for(browser)} | row.sends if question.method == "POST" else {}
    answer = browser.generic(question.method, path, urlencode(form), URLENCODED, query_params=row.query)
    body = TOKENS.sub("", text_of(answer).replace(path, "").replace(answer["X-Request-ID"][:8], ""))
    return Answer(answer.status_code, body, tuple(template.name or "" for template in answer.templates))


def undone(world: World, question: Question) -> Answer:
    """What is written is put back, tries of an address too: everybody here has the same one."""
    with transaction.atomic():
        answer = ask(world, question)
        transaction.set_rollback(True)
    return answer


URLENCODED = "application/x-www-form-urlencoded"
TOKENS = re.compile(r'(?<=token" value=")[^"]+|(?<=nonce=")[^"]+')


def text_of(answer: Any) -> str:
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text: str = data.decode(errors="replace")  # a packed file is no text
    return text


def leaks(world: World, actor: Actor, body: str) -> list[str]:
    """Marks of households that are not this actor's."""
    foreign = (marks for household, marks in world.marks.items() if household not in REACH[actor])
    return sorted(mark for marks in foreign for mark in marks if mark in body)


def tellings(answers: dict[Question, Answer]) -> Iterator[str]:
    """A foreign object is to be answered word by word as a missing one."""
    foreign = [question for question in answers if question.is_foreign]
    for actor, questions in groupby(foreign, key=lambda question: question.actor):
        different = {answers[question] for question in questions}
        if len(different) > 1:
            yield f"{foreign[0].method} by {actor}: a foreign {foreign[0].row.of} is told from one that does not exist"


def written() -> dict[str, int]:
    """How many rows of each table this transaction has written so far, rolled back or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def changed(before: dict[str, int], *, but: set[str] = ASIDE) -> list[str]:
    """Tables written into since, except those that reading may write."""
    now = written()
    return sorted(table for table in now if now[table] != before.get(table) and table not in but)
