"""Invitations to a firm's people: from the start of the mailing to the last letter in a mail server's hands.

The sink is a real SMTP server in a process of its own that drops what it takes. Both sides talk to it over CONNECTIONS
connections, each from a process of its own, as two workers of a production do. BENCH_INVITATIONS lowers the number.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from activation.models import Mailing, PersonalLetter
from activation.services.mailings import hand_out_letters, start_mailing
from notices.gateways.smtp import Letter, compose
from notices.models import Notice
from notices.rules import State
from notices.services import deliver_batch
from notices.services.wording import word
from policies.models import Insurer, Organisation, Party, Person, Policy, ProductVersion
from policies.rules import ContractKind, Role
from tests.bench import sink
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import Told, worker
from tests.bench.sink import a_sink

LETTERS = int(os.environ.get("BENCH_INVITATIONS", "100000"))
CONNECTIONS = 2
PACE = 10_000_000  # letters a minute: what is measured is what the portal can, not what it is allowed
FIRM = "ТОО «Бенчмарк»"


# ── The firm ─────────────────────────────────────────────────────────────────
def settle() -> None:
    """LETTERS people with an address, insured by one firm. Once a run."""
    insurer = Insurer.objects.get(slug="nsk")
    firm, is_new = Organisation.objects.get_or_create(insurer=insurer, name=FIRM)
    if not is_new:
        return
    version = ProductVersion.objects.current().get(product__code="sphera")
    numbers = range(LETTERS)
    people = Person.objects.bulk_create((a_person(insurer, number) for number in numbers), batch_size=5000)
    policies = Policy.objects.bulk_create((a_policy(version, number) for number in numbers), batch_size=5000)
    Party.objects.bulk_create(
        (
            Party(policy=policy, person=person, role=Role.INSURED)
            for policy, person in zip(policies, people, strict=True)
        ),
        batch_size=5000,
    )
    Party.objects.bulk_create(
        (Party(policy=policy, organisation=firm, role=Role.POLICYHOLDER) for policy in policies), batch_size=5000
    )
    User.objects.get_or_create(email="keeper@bench.example", is_staff=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def a_person(insurer: Insurer, number: int) -> Person:
    return Person(
        insurer=insurer, surname="Садыкова", given_name=f"Айгуль{number}", birth_date="1961-03-14",
        email=f"p{number}@firm.example", language=("kk", "ru", "")[number % 3], search_key=f"садыкова айгуль{number}",
        sort_key=f"{number:08}",
    )  # fmt: skip


def a_policy(version: ProductVersion, number: int) -> Policy:
    today = timezone.localdate()
    key = f"55{number:08}"
    return Policy(
        insurer=version.product.insurer, product_version=version, insured_id=key, insured_key=key,
        contract_kind=ContractKind.CORPORATE, signed_on=today - timedelta(days=60),
        cover_starts_on=today - timedelta(days=45), cover_ends_on=today + timedelta(days=320),
    )  # fmt: skip


# ── The two sides ────────────────────────────────────────────────────────────
class Crew:
    """The process that counts, and its helpers, of which each has one connection."""

    helper = ""
    helpers_wanted = CONNECTIONS

    def __init__(self) -> None:
        self.helpers = [self._hire() for _ in range(self.helpers_wanted)]

    def _hire(self) -> Told:
        command = [sys.executable, "-m", "tests.bench.worker", self.helper]
        return Told(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))


class Invite(Crew):
    """Starts the mailing and hands its letters to the outbox; then it is one of the two who deliver."""

    helper = "tests.bench.invite:Worker"
    helpers_wanted = CONNECTIONS - 1

    def __init__(self) -> None:
        settle()
        super().__init__()

    def prepare(self) -> None:
        sink.reset()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM activation_personalletter")
            cursor.execute("DELETE FROM notices_notice")
        Mailing.objects.update(state="stopped")

    def work(self) -> Work:
        now = timezone.now()
        firm = Organisation.objects.get(name=FIRM)
        product = ProductVersion.objects.current().get(product__code="sphera").product
        mailing = start_mailing(
            product=product, organisation=firm, pace=PACE, language="ru", now=now - timedelta(minutes=1),
            by=User.objects.get(email="keeper@bench.example"),
        )  # fmt: skip
        with ThreadPoolExecutor(CONNECTIONS) as together:
            helping = [together.submit(helper.work) for helper in self.helpers]
            hand_out_letters(now=now)
            sent = deliver() + sum(one.result().operations for one in helping)
        if sent != mailing.letters.count():
            raise WrongAnswer(f"{sent} letters were handed over")
        return Work(sent, [])

    def check(self) -> None:
        check_all_arrived()
        left = Notice.objects.exclude(state=State.SENT).count()
        if left or PersonalLetter.objects.filter(letter=None).exists():
            raise WrongAnswer(f"{left} letters wait")


class Worker:
    """The other worker of a production."""

    def prepare(self) -> None:
        """The crew has."""

    def work(self) -> Work:
        return Work(deliver(), [])

    def check(self) -> None:
        """The crew asks."""


def deliver() -> int:
    """Until every letter of the mailing is gone."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port()
    sent = 0
    while PersonalLetter.objects.filter(letter=None).exists() or Notice.objects.filter(state=State.WAITING).exists():
        sent += deliver_batch(now=timezone.now()).accepted
    return sent


def a_letter() -> Letter:
    """As large as the product's."""
    shared = {
        "product": "Сфера здоровья", "registers": False, "firm": FIRM, "expires_on": "2026-12-21",
        "brand": {"name": "НСК", "phone": "22-58", "hours": "ежедневно 00:00–24:00", "url": settings.PUBLIC_URL},
        "personal": {"insured": "Айгуль1 С.", "url": f"{settings.PUBLIC_URL}/activate/invited/{'x' * 46}/"},
    }  # fmt: skip
    return compose(word(Notice(kind="invitation", channel="email", to="p@firm.example", language="ru", context=shared)))


def check_all_arrived() -> None:
    """Each recipient got one letter, and none was empty."""
    letters, recipients, smallest = sink.counts()
    if not letters == recipients == LETTERS or smallest < len(a_letter().body) * 0.8:
        raise WrongAnswer(f"{letters} letters to {recipients} recipients, the smallest of {smallest} bytes")


@contextmanager
def floor(house: House) -> Iterator[Side]:
    with a_sink(), worker("tests.bench.invite_floor:Bare") as side:
        yield side


@contextmanager
def product(house: House) -> Iterator[Side]:
    with a_sink(), worker("tests.bench.invite:Invite") as side:
        yield side


CONTESTS = [
    Contest(
        name="invite",
        work=f"one of {LETTERS:,} invitations: prepared, worded, built as MIME, handed to an SMTP sink, recorded",
        floor_is="the bare sink rate: one letter built beforehand, sent by smtplib over as many connections",
        goal=Goal(0.5),
        floor=floor,
        product=product,
        figure="wall",
        turns=1,
        rounds=3,
    ),
]
