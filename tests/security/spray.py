"""A guesser who has every ID of an insurer and tries birth dates from ever new addresses (security.md, 2.1)."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from activation.models import Activation
from activation.rules import IdAndBirthDate, Proof, Verdict
from activation.services.begin import Claimed, begin_activation
from activation.services.find import Finding, find_policy
from activation.services.finish import confirm_address, finish
from core.names import search_key, sort_key
from policies.models import Party, Person, Policy, ProductVersion
from policies.rules import AccessKind, Role
from tests.factories import TODAY

FIRST_BIRTH, DAYS_OF_BIRTH = date(1956, 1, 1), 19_000  # adults; those around 1990 are the most, as in a real register
TRIES_AN_ADDRESS = 50  # under its own limit, then the next one
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Insured:
    insured_id: str
    birth_date: date


def a_register(product: ProductVersion, size: int, *, seed: int) -> list[Insured]:
    """Policies open for activation whose insurer has no contact on file: the only ones that two facts may open."""
    dice = random.Random(seed)
    insured = [Insured(f"44{number:08}", a_birth_date(dice)) for number in range(size)]
    name = {"surname": "Садыкова", "search_key": search_key("Садыкова"), "sort_key": sort_key("Садыкова")}
    insurer = product.product.insurer
    people = Person.objects.bulk_create(Person(insurer=insurer, birth_date=one.birth_date, **name) for one in insured)
    policies = Policy.objects.bulk_create(
        Policy(
            insurer=insurer, product_version=product, insured_id=one.insured_id, insured_key=one.insured_id,
            contract_kind="individual", signed_on=TODAY - 60 * DAY, cover_starts_on=TODAY - 45 * DAY,
        )
        for one in insured
    )  # fmt: skip
    Party.objects.bulk_create(
        Party(policy=policy, person=person, role=Role.INSURED) for policy, person in zip(policies, people, strict=True)
    )
    return insured


def a_birth_date(dice: random.Random) -> date:
    return FIRST_BIRTH + timedelta(days=int(dice.triangular(0, DAYS_OF_BIRTH, 12_400)))


def most_common_dates(insured: list[Insured]) -> list[tuple[date, int]]:
    """The best that a guesser could know: the dates of this very register, with how many people each would open."""
    return Counter(one.birth_date for one in insured).most_common()


@dataclass
class Guesser:
    product: ProductVersion
    seen: Counter[str] = field(default_factory=Counter)  # verdicts
    promising: list[tuple[str, date]] = field(default_factory=list)  # pairs whose answer was not the stranger's
    numbers: count = field(default_factory=count)

    def spends_a_day(self, ids: list[str], guess: date, morning: datetime) -> None:
        """First what looked right before, then every ID once, evenly over the day."""
        pairs = [*self.promising, *((insured_id, guess) for insured_id in ids)]
        self.promising = []
        for number, (insured_id, birth_date) in enumerate(pairs):
            self.tries(insured_id, birth_date, morning + DAY * number / len(pairs))

    def tries(self, insured_id: str, birth_date: date, now: datetime) -> None:
        address = next(self.numbers) // TRIES_AN_ADDRESS
        finding = find_policy(
            product=self.product, facts=IdAndBirthDate(insured_id, birth_date), by=None, now=now,
            source=f"10.{address >> 16}.{address >> 8 & 255}.{address & 255}",
        )  # fmt: skip
        self.seen[finding.verdict] += 1
        if finding.verdict == Verdict.OPEN:
            self.takes_over(finding, now)
        elif finding.verdict in (Verdict.PROVE, Verdict.WAITING):
            self.promising.append((insured_id, birth_date))

    def takes_over(self, finding: Finding, now: datetime) -> None:
        """Steps 2 and 3 with a mailbox of the guesser's."""
        number = next(self.numbers)
        assert finding.policy
        activation = begin_activation(
            claimed=Claimed(finding.policy, Proof.FACTS, f"{number:032}"), email=f"guesser{number}@example.kz",
            password="Tulpan 1950 gul", kind=AccessKind.SELF, language="ru", now=now,
        )  # fmt: skip
        confirm_address(activation=activation, now=now)
        finish(activation=Activation.objects.get(pk=activation.pk), by=activation.user, now=now)

    @property
    def compared(self) -> int:
        return sum(times for verdict, times in self.seen.items() if Verdict(verdict).was_compared)
