"""A whole portal to break: PostgreSQL, Valkey, a mail server, an SMS gateway, two of each process of the product.

On ports of its own. Everything is a child of this house, and only its children are killed.
"""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg

from dev import commands, environment, memory, messages, processes
from dev.commands import Command
from dev.places import ROOT
from dev.postgres import Postgres, home_of, start_postgres
from dev.processes import Child
from dev.valkey import Valkey, start_valkey
from notices.rules import LEASE
from tests.faults import cast, stops
from tests.peers import smsc
from tests.peers.smsc import SmsGateway
from tests.peers.smtp import MailServer
from tests.waiting import PATIENCE, wait_until

# What a killed server has promised must be there; only a power cut may be unsafe.
SETTINGS = ("fsync=off", "full_page_writes=off")


@dataclass
class House:
    state: Path
    mail: MailServer
    sms: SmsGateway
    postgres: Postgres
    valkey: Valkey
    variables: dict[str, str] = field(default_factory=dict)
    commands: dict[str, Command] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    ports: list[int] = field(default_factory=list)  # of web-1 and web-2
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(cast.PHONES))
    _with_phone: Iterator[int] = field(default_factory=itertools.count)

    # ── Processes ────────────────────────────────────────────────────────────
    def start(self, *names: str) -> None:
        """Returns at once: the house is meant to work while one of a pair is missing."""
        for name in names:
            self.children[name] = processes.start(
                name, self.commands[name], state=self.state, environment=self.variables, own_session=True
            )

    def wait_for_all(self) -> None:
        for name, child in self.children.items():
            processes.wait_until(lambda name=name: self.is_at_work(name), child, PATIENCE)  # type: ignore[misc]

    def is_at_work(self, name: str) -> bool:
        if name.startswith("web"):
            return answers(self.ports[int(name[-1]) - 1])
        words = " ready." if name.startswith("worker") else "is starting."
        return words in self.children[name].log.read_text()

    def kill(self, name: str) -> None:
        """Like a power cut: nothing is told, nothing is tidied."""
        self.kill_process(self.children[name].process.pid)
        self.children[name].process.wait()

    def ended(self) -> list[str]:
        return [name for name, child in self.children.items() if child.has_ended()]

    def has_lost_nobody(self) -> bool:
        """Fails with the logs of those who ended."""
        logs = [f"{name} ended:\n{self.children[name].tail(60)}" for name in self.ended()]
        assert not logs, "\n".join(logs)
        return True

    def kill_process(self, pid: int) -> None:
        assert pid in set(processes.marked(self.state)), "not a process of this house"
        os.kill(pid, signal.SIGKILL)

    def mend(self) -> None:
        """Between two tests: everything is there again or starting, the peers are kind, nobody stands still."""
        self.mail.mode, self.sms.mode = "accept", "ok"
        for file in (self.state / "stops").iterdir():
            file.unlink()
        if self.valkey.child.has_ended():
            self.start_valkey()
        if self.postgres.child.has_ended():
            self.start_postgres()
        self.start(*self.ended())
        wait_until(lambda: any(map(answers, self.ports)), "a web answers")

    # ── Servers ──────────────────────────────────────────────────────────────
    def stop_valkey(self) -> None:
        self.valkey.child.process.kill()
        self.valkey.child.process.wait()

    def start_valkey(self) -> None:
        self.valkey = start_valkey(self.state)

    def flush_valkey(self) -> None:
        import redis

        redis.Redis.from_url(self.valkey.url).flushall()

    def stop_postgres(self) -> None:
        """`pg_ctl stop -m immediate`: sessions are cut, the next start recovers."""
        self.postgres.child.end(signal.SIGQUIT)

    def start_postgres(self) -> None:
        self.postgres = start_postgres(self.state, SETTINGS)

    # ── What it holds ────────────────────────────────────────────────────────
    def stop_at(self, place: str, table: str, moment: stops.Moment) -> stops.Armed:
        return stops.Armed(self.state / "stops", stops.Stop(place, table, moment))

    def somebody(self, *, has_phone: bool = False) -> str:
        """The ID of an insured person whom no other test knows."""
        number = next(self._with_phone if has_phone else self._numbers)
        assert number < (cast.PHONES if has_phone else cast.PEOPLE), "invent more people"
        return cast.insured_id(number)

    def rows(self, query: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        """Walled ones among them."""
        with psycopg.connect(self.postgres.owner_url, autocommit=True, options="-c rows.job=house") as connection:
            return connection.execute(query, parameters).fetchall()

    def letters_wait_out(self, pause: timedelta) -> None:
        """So much later for what waits. Leases stay: a living worker that has a letter in hand would not find its own
        again, and the letter would wait for a dead one's to run out."""
        self._sooner("next_try_at", pause, "waiting")

    def leases_run_out(self) -> None:
        """So that a dead worker is known as dead."""
        self._sooner("leased_until", LEASE, "claimed")

    def _sooner(self, column: str, by: timedelta, state: str) -> None:
        with psycopg.connect(self.postgres.owner_url, autocommit=True) as connection:
            connection.execute(
                f"UPDATE notices_notice SET {column} = {column} - %s WHERE state = %s",  # noqa: S608  our own columns
                [by, state],
            )

    def state_of_letters(self) -> str:
        """For whoever waits in vain."""
        rows = self.rows(
            'SELECT now(), kind, "to", state, tries, answer, next_try_at, leased_until FROM notices_notice'
            " WHERE state NOT IN ('sent', 'parked') ORDER BY id"
        )
        logs = [f"{name}:\n{self.children[name].tail(15)}" for name in ("worker-1", "worker-2", "beat-1", "beat-2")]
        return "\n".join([*map(str, rows), *logs])

    def letters_to(self, address: str) -> list[Any]:
        return [letter for letter in self.mail.letters if letter["To"] == address]


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=10, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def open_house() -> Iterator[House]:
    messages.compile_stale()
    with ExitStack() as started:
        state = Path(started.enter_context(tempfile.TemporaryDirectory(prefix="portal-faults-")))
        state.chmod(0o711)  # root's PostgreSQL runs as nobody
        if home_of(state) != state / "postgres":
            started.callback(shutil.rmtree, home_of(state), ignore_errors=True)
        (state / "stops").mkdir()
        started.callback(processes.end_leftovers, state)
        mail, sms = MailServer(), SmsGateway()
        for peer in (mail, sms):
            peer.start()
            started.callback(peer.stop)
        house = House(state, mail, sms, start_postgres(state, SETTINGS), start_valkey(state))
        started.callback(clear, house)
        plan(house)
        house.start("worker-1", "worker-2")  # they take as long as the furnishing and need none of it
        furnish(house)
        house.start("web-1", "web-2", "beat-1", "beat-2")
        house.wait_for_all()
        yield house


def plan(house: House) -> None:
    house.ports = [memory.port(house.state, f"web-{number}") for number in (1, 2)]
    urls = {
        "DATABASE_URL": house.postgres.url, "OWNER_DATABASE_URL": house.postgres.owner_url,
        "REDIS_URL": house.valkey.url,
    }  # fmt: skip
    house.variables = environment.demo(
        house.state, urls, public_url=f"http://127.0.0.1:{house.ports[0]}", smtp_port=house.mail.port, inbox_url="",
        identity_port=1,  # nobody signs in by it
    ) | {
        "EMAIL_TIMEOUT": "10", "DEFAULT_FROM_EMAIL": "portal@mp.example",
        "SMS_GATEWAY": "smsc", "SMSC_URL": house.sms.url, "SMSC_LOGIN": smsc.LOGIN, "SMSC_PASSWORD": smsc.PASSWORD,
        stops.FOLDER: str(house.state / "stops"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    for number, port in enumerate(house.ports, start=1):
        house.commands |= {
            f"web-{number}": commands.web(port, workers=1, application="tests.faults.web:application"),
            f"worker-{number}": commands.worker("notices", "work", name=f"w{number}", app="tests.faults.worker"),
            f"beat-{number}": commands.beat(house.state / f"beat-{number}"),
        }


def furnish(house: House) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.faults.cast"], cwd=ROOT, check=True,
        env={**house.variables, processes.MARK: str(house.state)},
    )  # fmt: skip


def clear(house: House) -> None:
    """First those who use the servers. Nothing here is worth a graceful end."""
    for child in house.children.values():
        child.process.kill()
    for child in house.children.values():
        child.process.wait()
    for pid in processes.marked(house.state):  # the workers of a killed web server live on
        if pid not in (house.postgres.child.process.pid, house.valkey.child.process.pid):
            processes.signal_if_alive(pid, signal.SIGKILL)
    house.valkey.end()
    house.postgres.end()
