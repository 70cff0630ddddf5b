"""A large house at once: so many claims of the insured people that are on file, carried by COPY. It is for `make bench`, and for
looking at a queue of a million. Each has the rows from which its clock is counted, and no papers."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import cycle, islice
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from claims.queries.facts import calendar_of
from claims.rules.clock import NEVER, Reading, clock_of, read_clock
from claims.rules.events import InsuredEvent
from claims.rules.facts import Check, Facts, Review, ReviewKind
from claims.rules.life import State
from claims.rules.people import ClaimantRole
from core.calendar import WorkingCalendar
from core.rows.viewers import working
from core.rows.walls import HOUSE
from policies.models import Insurer, Party
from policies.rules import Role

CLAIMANT = "claims@example.kz"
# Of the open ones: how many of a hundred are in which state.
OPEN = {State.NOTIFIED: 10, State.INCOMPLETE: 10, State.CHECKING: 35, State.REVIEW: 45}
ENDED = {State.CLOSED: 80, State.REFUSED: 10, State.SET_ASIDE: 10}
LAST_DAYS, YEARS = 40, 5
COLUMNS = (
    "id", "public_id", "insurer_id", "person_id", "policy_id", "event", "event_on", "country", "place", "story",
    "told_surname", "told_given_name", "told_patronymic", "told_iin", "told_policy", "role", "by_guest", "claimant_id",
    "claimant_name", "phone", "email", "language", "notified_at", "notified_on", "state", "ended_on", "is_open",
    "next_kind", "next_on", "clock",
)  # fmt: skip


class Command(BaseCommand):
    help = "Invent claims of the insured people of an insurer. Only in the demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--insurer", default="nomad-life")
        parser.add_argument("--count", type=int, default=1_000_000)
        parser.add_argument("--open", type=int, default=200_000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Invented claims belong to the demo: DEMO is not set.")
        insurer = Insurer.objects.filter(slug=options["insurer"]).first()
        if insurer is None:
            raise CommandError(f"There is no insurer {options['insurer']}.")
        began = timezone.now()
        invent(insurer=insurer, count=options["count"], are_open=options["open"], now=began)
        self.stdout.write(f"{options['count']} claims in {(timezone.now() - began).total_seconds():.0f} s")


@dataclass(frozen=True)
class Invented:
    """One claim: its facts, and what the clock says of them."""

    facts: Facts
    clock: str
    reading: Reading


@transaction.atomic
def invent(*, insurer: Insurer, count: int, are_open: int, now: datetime) -> None:
    """Raise CommandError where nobody is insured."""
    with working(HOUSE):
        insured = list(Party.objects.filter(role=Role.INSURED, policy__insurer=insurer).values_list("person", "policy"))
        if not insured:
            raise CommandError(f"Nobody is insured at {insurer.slug}.")
        chance = Random(6)  # noqa: S311  the same house each time
        claims = _claims(insurer.today(now), calendar_of(insurer), chance, count, are_open)
        made = list(zip(_keys(count), islice(cycle(insured), count), claims, strict=True))
        _copy("claims_claim", COLUMNS, _rows(made, insurer, _claimant(), now))
        _copy("claims_check", ("claim_id", "since", "latest", "found_missing"), _checks(made))
        _copy("claims_review", ("claim_id", "number", "kind", "since", "outcome"), _reviews(made))


def _claimant() -> User:
    """One for all: nobody signs in as them."""
    found = User.objects.filter(email=CLAIMANT).first()
    return found or accounts.open_staff_account(email=CLAIMANT, name="Invented", is_administrator=False, by=None)


def _keys(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('claims_claim', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [int(key) for (key,) in cursor.fetchall()]


def _claims(today: date, calendar: WorkingCalendar, chance: Random, count: int, are_open: int) -> Iterator[Invented]:
    """The open ones lie among the others, as they would."""
    step = max(count // are_open, 1) if are_open else count + 1
    states, weights = zip(*OPEN.items(), strict=True)
    ended, shares = zip(*ENDED.items(), strict=True)
    left, invented = are_open, cache(partial(_invented, calendar=calendar))
    for number in range(count):
        is_open = left > 0 and (number % step == 0 or count - number <= left)
        left -= is_open
        if is_open:
            (state,) = chance.choices(states, weights)
            yield invented(state, today - timedelta(days=chance.randint(0, LAST_DAYS)))
        else:
            (state,) = chance.choices(ended, shares)
            yield invented(state, today - timedelta(days=chance.randint(90, YEARS * 365)))


def _invented(state: State, day: date, calendar: WorkingCalendar) -> Invented:
    """`day`: of what the clock is counted from."""
    facts = Facts(
        state=state, event=InsuredEvent.DISABILITY, event_on=day - timedelta(days=30), notified_on=day - timedelta(days=10),
        checks=(Check(day, day),) if state == State.CHECKING else (),
        reviews=(Review(ReviewKind.FIRST, day),) if state == State.REVIEW else (),
    )  # fmt: skip
    clock = clock_of(facts)
    return Invented(facts, clock, read_clock(clock, calendar))


Made = Sequence[tuple[int, tuple[int, int], Invented]]


def _rows(made: Made, insurer: Insurer, claimant: User, now: datetime) -> Iterator[tuple[Any, ...]]:
    for key, (person, policy), one in made:
        facts, read = one.facts, one.reading
        is_open = facts.state in OPEN
        yield (
            key, uuid.uuid4(), insurer.pk, person, policy, facts.event.value, facts.event_on, "KZ", "Алматы", "Упал на льду",
            "", "", "", "", "", ClaimantRole.INSURED.value, False, claimant.pk, "Выдуманный Заявитель", "", CLAIMANT, "ru",
            now - timedelta(days=(insurer.today(now) - facts.notified_on).days), facts.notified_on, facts.state.value,
            None if is_open else facts.notified_on + timedelta(days=60), is_open, (read.kind or "") if is_open else "",
            read.on if is_open else NEVER, one.clock if is_open else "",
        )  # fmt: skip


def _checks(made: Made) -> Iterator[tuple[Any, ...]]:
    return ((key, one.since, one.latest, False) for key, _who, case in made for one in case.facts.checks)


def _reviews(made: Made) -> Iterator[tuple[Any, ...]]:
    return ((key, 1, one.kind.value, one.since, "") for key, _who, case in made for one in case.facts.reviews)


def _copy(table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    """By way of a table of its own: PostgreSQL does not COPY behind a wall."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE invented ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608  names of our own
        with cursor.copy(f"COPY invented ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM invented")  # noqa: S608  likewise
        cursor.execute("DROP TABLE invented")
