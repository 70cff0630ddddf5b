"""Thousands wait, each for a doctor of their own: what a waiting person costs one process, and how soon one is told.

An operation is a message that is written and the moment when the one page that waits for it has it. The others sleep, and
are there: that is the point.
"""

import asyncio
import os
import queue
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from dev.memory import a_free_port
from dev.processes import start, wait_until
from policies.models import Person
from policies.rules import Service
from telemed.models import Consultation
from telemed.rules import Side, Speciality, State
from telemed.services.talk import say
from tests.bench import town
from tests.bench.contest import Contest, Goal, Work, WrongAnswer
from tests.bench.contest import Side as Contestant
from tests.bench.measure import House, tree
from tests.bench.sides import answers, timed

WAITING, TOLD = 3_000, 200  # people; of whom so many are told something in a turn
MOST_KIB = 80.0  # a person who waits
AT_ONCE = 40  # streams that are being opened
EARLY = 50  # who come before memory is measured: by then the process has loaded what it needs
PATIENCE = 30  # seconds for one word, or for one stream to open


class Audience:
    """WAITING browsers on one event loop. Whatever one of them hears is put into `heard` by its number."""

    def __init__(self, port: int, asked: list[str]) -> None:
        self.heard: queue.Queue[int] = queue.Queue()
        self._port, self._asked = port, asked
        self._listening: list[asyncio.Task[None]] = []
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def sits_down(self, numbers: range) -> None:
        asyncio.run_coroutine_threadsafe(self._sit(numbers), self._loop).result()

    async def _sit(self, numbers: range) -> None:
        self._door = asyncio.Semaphore(AT_ONCE)
        self._listening += await asyncio.gather(*(self._open(number) for number in numbers))

    async def _open(self, number: int) -> asyncio.Task[None]:
        async with self._door, asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(self._asked[number].encode())
            status = await reader.readline()
            if b" 200 " not in status:
                raise WrongAnswer(f"a stream was answered {status!r}")
            await reader.readuntil(b"still here")
        return asyncio.create_task(self._listen(number, reader, writer))

    async def _listen(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            if line.startswith(b"event: message"):
                self.heard.put(number)
        writer.close()


@dataclass
class Told:
    """One after the other is told something; nobody else hears it."""

    audience: Audience
    consultations: list[Consultation]

    def __post_init__(self) -> None:
        self.numbers = cycle(range(0, len(self.consultations), 7))

    def prepare(self) -> None:
        """Nothing is left of the turn before."""

    def work(self) -> Work:
        return Work(TOLD, [timed(self.tell) for _word in range(TOLD)])

    def tell(self) -> None:
        number = next(self.numbers)
        told = self.consultations[number]
        say(
            consultation=told,
            side=Side.DOCTOR,
            by=told.asked_by,
            text="Здравствуйте",
            key=uuid.uuid4(),
            now=timezone.now(),
        )
        try:
            heard = self.audience.heard.get(timeout=PATIENCE)
        except queue.Empty:
            raise WrongAnswer("somebody was not told") from None
        if heard != number:
            raise WrongAnswer("somebody else was told")

    def check(self) -> None:
        if not self.audience.heard.empty():
            raise WrongAnswer("somebody heard what was not theirs")


# ── Sides ────────────────────────────────────────────────────────────────────
def product(house: House) -> AbstractContextManager[Contestant]:
    return live("portal.asgi:application", house)


def floor(house: House) -> AbstractContextManager[Contestant]:
    return live("tests.bench.waiting_floor:application", house)


@contextmanager
def live(application: str, house: House) -> Iterator[Contestant]:
    """One process. Whoever waits at one side waits at no other: a word for one would wake both."""
    consultations, asked = wait_for_doctors()
    port = a_free_port()
    command = [
        sys.executable, "-m", "granian", "--interface=asginl", "--workers=1", "--host=127.0.0.1", f"--port={port}",
        "--backlog=4096", "--workers-kill-timeout=2", application,
    ]  # fmt: skip
    child = start(f"live-{application}", command, state=house.state, environment={**os.environ, "LIVE": "1"})
    try:
        wait_until(partial(answers, port), child)
        audience = Audience(port, asked)
        audience.sits_down(range(EARLY))
        before = kib(child.process.pid)
        audience.sits_down(range(EARLY, WAITING))
        each = (kib(child.process.pid) - before) / (WAITING - EARLY)
        print(f"  {application}: {WAITING:,} wait, {each:.0f} KiB each (goal <={MOST_KIB:.0f})", flush=True)
        yield Contestant(Told(audience, consultations), child.process.pid)
    finally:
        child.end()


def kib(root: int) -> int:
    """What the processes hold at this moment."""
    texts = [Path(f"/proc/{pid}/status").read_text() for pid in tree(root)]
    return sum(int(line.split()[1]) for text in texts for line in text.splitlines() if line.startswith("VmRSS:"))


def wait_for_doctors() -> tuple[list[Consultation], list[str]]:
    """WAITING consultations of the town's owners that nobody waits for yet, and the request of each one's page."""
    owners = list(User.objects.filter(email__startswith="owner").order_by("pk")[: town.OWNERS])
    cookies = [session_of(owner) for owner in owners]
    waiting = a_queue(owners, already=Consultation.objects.count())
    path = "/live/consultations/{}/talk/?since=0.0.waiting-0."
    asked = [
        f"GET {path.format(one.public_id)} HTTP/1.1\r\nHost: localhost\r\n"
        f"Cookie: {settings.SESSION_COOKIE_NAME}={cookies[int(one.close_one) % town.OWNERS]}\r\n\r\n"
        for one in waiting
    ]
    return waiting, asked


def a_queue(owners: list[User], *, already: int) -> list[Consultation]:
    people = list(Person.objects.select_related("insurer").order_by("pk")[: town.OWNERS])
    now = timezone.now()
    return Consultation.objects.bulk_create(
        Consultation(
            insurer=people[number % town.OWNERS].insurer, patient=people[number % town.OWNERS], language="ru",
            asked_by=owners[number % town.OWNERS], service=Service.DUTY_GP, speciality=Speciality.THERAPIST,
            state=State.WAITING, price=0, currency="KZT", complaint="Болит горло", phone="+77012345678", asked_at=now,
            queued_at=now, close_one=f"{number}",
        )
        for number in range(already, already + WAITING)
    )  # fmt: skip


def session_of(user: User) -> str:
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return str(browser.session.session_key)


CONTESTS = [
    Contest(
        name="waiting",
        work=f"a message reaches the one page that waits for it, among {WAITING:,} on one process; wall time",
        floor_is="an ASGI application without Django: the same announcement wakes it, one SELECT without rights, the same event",
        goal=Goal(2.0, "most"),
        floor=floor,
        product=product,
        figure="wall",
        turns=1,
    )
]
