"""A register of 100,000 rows, from the file to people, policies and the report of refused rows."""

import csv
import hashlib
import io
import os
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from psycopg import sql

from accounts.models import User
from policies.gateways.register_reports import refused_rows
from policies.management.commands.invent_register import HEADER, invented_rows
from policies.models import ProductVersion, Register
from policies.rules.register_columns import Column
from policies.rules.register_rows import Reading
from policies.services.register_matching import PLANNING
from policies.services.register_work import work_on_next
from policies.services.registers import confirm_register, receive_register
from tests.bench import register_floor
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import timed, worker
from tests.factories import TODAY, an_insurer

ROWS, ON_FILE, CHANGED, SPOILED = 100_000, 20_000, 10_000, 800
REFUSED = SPOILED + SPOILED // 4  # a doubled ID refuses two rows
COUNTS = {
    "rows": ROWS, "new": ROWS - ON_FILE - REFUSED, "changed": CHANGED, "unchanged": ON_FILE - CHANGED,
    "refused": REFUSED, "warned": 0, "differing": 0,
}  # fmt: skip
CHUNK = 1 << 20
ID, BIRTH_DATE, IIN, COVER_ENDS_ON = (
    list(Column).index(column) for column in (Column.INSURED_ID, Column.BIRTH_DATE, Column.IIN, Column.COVER_ENDS_ON)
)


def the_register(rows: list[list[str]]) -> Iterator[list[str]]:
    """A month later: of 20,000 people on file 10,000 are covered longer; 79,000 are new, 1,000 cannot be taken."""
    for number, row in enumerate(rows):
        if number < CHANGED:
            yield [*row[:COVER_ENDS_ON], "31.12.2028", *row[COVER_ENDS_ON + 1 :]]
        elif number >= ON_FILE and number % 100 == 0:
            yield spoiled(row, number // 100 % 4, rows[number - 1])
        else:
            yield row


def spoiled(row: list[str], fault: int, neighbour: list[str]) -> list[str]:
    match fault:
        case 0:
            changes = {ID: ""}
        case 1:
            changes = {BIRTH_DATE: "31.02.1990"}
        case 2:
            changes = {IIN: f"{row[IIN][:-1]}{(int(row[IIN][-1]) + 1) % 10}"}
        case _:
            changes = {ID: neighbour[ID]}
    return [changes.get(place, cell) for place, cell in enumerate(row)]


class Task(ABC):
    """A side has a database of its own, in which each turn finds the same 20,000 people on file."""

    def __init__(self) -> None:
        self.side = type(self).__name__.lower()
        self.database = own_database(f"register_{self.side}")
        self.product = an_insurer().products.get()
        self.keeper = User.objects.create(email="keeper@example.kz", is_staff=True)
        self.state = Path(os.environ["BENCH_STATE"])
        rows = list(invented_rows(ROWS, seed=7, today=TODAY))
        self.on_file = self._file("on-file", rows[:ON_FILE])
        self.file = self._file("register", the_register(rows))

    def _file(self, name: str, rows: Iterable[list[str]]) -> Path:
        path = self.state / f"{self.side}-{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows((HEADER, *rows))
        return path

    def prepare(self) -> None:
        self.begin_with(self.on_file)

    def begin_with(self, *files: Path) -> None:
        """These are on file, nothing else, and PostgreSQL has come to rest."""
        with psycopg.connect(self.database, autocommit=True) as superuser:
            superuser.execute(
                "TRUNCATE policies_person, policies_policy, policies_organisation, policies_register CASCADE"
            )
            superuser.execute("TRUNCATE policies_registerrow, core_auditevent")
            for file in files:
                self.take_over(file)
            superuser.execute("VACUUM ANALYZE")
            superuser.execute("CHECKPOINT")

    def work(self) -> Work:
        return Work(ROWS, [timed(self.take_over_and_report) / ROWS])

    def take_over_and_report(self) -> None:
        self.report = list(self.refused(self.take_over(self.file)))

    def take_over(self, path: Path) -> int:
        """The register's number."""
        with path.open("rb") as file:
            register = receive_register(
                product=self.product, file=file, file_name=path.name, by=self.keeper, now=timezone.now()
            )
        work_on_next(now=timezone.now())
        register.refresh_from_db()
        confirm_register(register=register, by=self.keeper, now=timezone.now())
        work_on_next(now=timezone.now())
        return register.pk

    @abstractmethod
    def refused(self, register: int) -> Iterator[str]:
        """The report of the bad rows, line by line."""

    def check(self) -> None:
        """The counts are right, each refused row is in the report, and both sides left the same rows behind."""
        register = Register.objects.latest("pk")
        counts = {name: getattr(register, name) for name in COUNTS}
        if counts != COUNTS:
            raise WrongAnswer(f"{self.side}: {counts}")
        lines = sum(1 for line in csv.reader(self.report, delimiter=";") if line[0].isdigit())
        if lines != REFUSED:
            raise WrongAnswer(f"{self.side}: {lines} rows in the report")
        self.agree(digest_of_all(register.pk))

    def agree(self, digest: str) -> None:
        """Whoever comes first writes it down."""
        written = self.state / "register-digest"
        if not written.exists():
            written.write_text(digest)
        if written.read_text() != digest:
            raise WrongAnswer(f"{self.side}: other rows than those of the other side")


class Product(Task):
    def refused(self, register: int) -> Iterator[str]:
        yield from refused_rows(Register.objects.get(pk=register).lines.refused().order_by("line").iterator())


class Floor(Task):
    def take_over(self, path: Path) -> int:
        if path == self.on_file:
            return super().take_over(path)
        version = ProductVersion.objects.filter(product=self.product).latest("number")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nextval('policies_register_id_seq')")
            register = cursor.fetchone()[0]
            facts = {
                "insurer": self.product.insurer_id, "product": self.product.pk, "version": version.pk, "today": TODAY,
                "register": register, "public_id": uuid.uuid4(), "by": self.keeper.pk, "now": timezone.now(),
            }  # fmt: skip
            for statement in (*PLANNING, *register_floor.SETTINGS, register_floor.RAW):
                cursor.execute(statement)
            with path.open("rb") as file, cursor.copy(register_floor.COPY) as copy:
                while chunk := file.read(CHUNK):
                    copy.write(chunk)
            for statement in register_floor.STATEMENTS:
                cursor.execute(statement, facts)
        return register

    def refused(self, register: int) -> Iterator[str]:
        with connection.cursor() as cursor, cursor.copy(register_floor.REPORT, {"register": register}) as copy:
            yield from io.TextIOWrapper(io.BytesIO(b"".join(copy)), "utf-8")


def own_database(name: str) -> str:
    """Its URL for the superuser."""
    url = os.environ["BENCH_SUPERUSER_URL"]
    with psycopg.connect(url, autocommit=True) as superuser:
        superuser.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(name)))
    for alias in ("owner", "default"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    call_command("migrate", database="owner", verbosity=0)
    return url.rpartition("/")[0] + f"/{name}"


def digest_of_all(register: int) -> str:
    """Of everything that a register writes, without numbers and times."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for statement in (STAGED, POLICIES, EVENTS):
            cursor.execute(statement, {"register": register})
            while rows := cursor.fetchmany(10_000):
                digest.update(repr(rows).encode())
    return digest.hexdigest()


def columns(table: str, names: Sequence[str]) -> str:
    return ", ".join(f"{table}.{name}" for name in names)


STAGED = f"""
SELECT {", ".join(Reading._fields)}, outcome, changes::text FROM policies_registerrow
WHERE register_id = %(register)s ORDER BY line
"""
POLICIES = f"""
SELECT
    {columns("policy", register_floor.POLICY_FIELDS)},
    {columns("person", (*register_floor.PERSON_FIELDS, "search_key", "sort_key"))},
    employer.name, holder.person_id = person.id
FROM policies_policy AS policy
JOIN policies_party AS insured ON insured.policy_id = policy.id AND insured.role = 'insured'
JOIN policies_person AS person ON person.id = insured.person_id
LEFT JOIN policies_party AS holder ON holder.policy_id = policy.id AND holder.role = 'policyholder'
LEFT JOIN policies_organisation AS employer ON employer.id = holder.organisation_id
ORDER BY insured_key
"""
EVENTS = """
SELECT insured_key, kind, (detail - 'register')::text FROM policies_policyevent AS event
JOIN policies_policy AS policy ON policy.id = policy_id ORDER BY insured_key, event.id
"""


def side(name: str, house: House, *, home: str = __name__) -> AbstractContextManager[Side]:
    """A Task of the module `home` in a process of its own."""
    return worker(f"{home}:{name}")


CONTESTS = [
    Contest(
        name="register",
        work="one of 100,000 rows: checked, taken over, reported",
        floor_is="COPY of the file and set-based SQL that judges it and writes the same rows, without preview or doubts",
        goal=Goal(0.80),
        floor=partial(side, "Floor"),
        product=partial(side, "Product"),
        turns=1,
    )
]
