"""Two sides do the same work in turns, until enough rounds agree with each other."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Literal, Protocol

from tests.bench.measure import House, cpu_seconds, peak_memory

ROUNDS = 5
MOST_ROUNDS = 15
MOST_SPREAD = 0.15  # of a side's CPU over its rounds: (greatest - least) / median


class WrongAnswer(Exception):
    """A side did not do its work: what it measured is worth nothing."""


@dataclass(frozen=True)
class Work:
    """What one turn did. `seconds` of each operation, where they can be told apart."""

    operations: int
    seconds: list[float]


class Task(Protocol):
    """What a side does in its turn. Only `work` is measured. Each raises WrongAnswer."""

    def prepare(self) -> None: ...
    def work(self) -> Work: ...
    def check(self) -> None: ...


@dataclass(frozen=True)
class Side:
    task: Task
    pid: int  # the root of the processes whose time counts


@dataclass(frozen=True)
class Goal:
    """`least`: the product reaches this share of the floor's speed. `most`: it takes no more than this many times its cost."""

    value: float
    kind: Literal["least", "most"] = "least"

    def ratio(self, floor: float, product: float) -> float:
        """Of two costs."""
        return floor / product if self.kind == "least" else product / floor

    def is_met(self, ratio: float) -> bool:
        return ratio >= self.value if self.kind == "least" else ratio <= self.value

    def __str__(self) -> str:
        return f"{self.value:g}" if self.kind == "least" else f"<={self.value:.1f}"


@dataclass(frozen=True)
class Contest:
    """`figure`: what the ratio is made of. `wall` only where waiting is the point; it is noisy."""

    name: str
    work: str  # one operation, in a few words
    floor_is: str  # what the floor is and what it leaves out
    goal: Goal
    floor: Callable[[House], AbstractContextManager[Side]]
    product: Callable[[House], AbstractContextManager[Side]]
    figure: Literal["cpu", "wall"] = "cpu"
    turns: int = 4  # of each side in a round
    rounds: int = ROUNDS  # fewer where a turn takes minutes


@dataclass(frozen=True)
class Turn:
    """What one side's turn took altogether, in seconds."""

    app: float
    postgres: float
    wall: float
    statements: int
    work: Work


@dataclass(frozen=True)
class Round:
    """Of one side: milliseconds an operation."""

    app: float
    postgres: float
    wall: float
    statements: float
    seconds: list[float]

    @property
    def cpu(self) -> float:
        return self.app + self.postgres


@dataclass(frozen=True)
class Figures:
    """Medians over the rounds of one side, in milliseconds an operation; memory in MiB."""

    rounds: list[Round]
    memory: float

    def median(self, figure: str) -> float:
        return median(getattr(one, figure) for one in self.rounds)

    @property
    def spread(self) -> float:
        costs = [one.cpu for one in self.rounds]
        return (max(costs) - min(costs)) / median(costs)

    def percentile(self, number: int) -> float:
        """Of the wall time of single operations."""
        seconds = [second for one in self.rounds for second in one.seconds]
        return quantiles(seconds, n=100)[number - 1] * 1000 if len(seconds) > 1 else 0.0


@dataclass(frozen=True)
class Outcome:
    contest: Contest
    floor: Figures
    product: Figures
    void: int  # pairs that were left out and run again

    @property
    def ratio(self) -> float:
        """The median of the rounds' own ratios: what slows down a whole round leaves its ratio alone."""
        figure = self.contest.figure
        pairs = zip(self.floor.rounds, self.product.rounds, strict=True)
        return median(self.contest.goal.ratio(*(getattr(side, figure) for side in pair)) for pair in pairs)

    @property
    def agrees(self) -> bool:
        return max(self.floor.spread, self.product.spread) <= MOST_SPREAD


def run(contest: Contest, house: House) -> Outcome:
    """A pair with an error is void; of pairs that disagree the oddest is. Each is run again, up to thrice as many."""
    pairs: list[tuple[Round, Round]] = []
    void = 0
    with contest.floor(house) as floor, contest.product(house) as product:
        for side in (floor, product):
            one_turn(side, house)  # connects, compiles templates, prepares statements: not counted
        most = MOST_ROUNDS * contest.rounds // ROUNDS
        for number in range(most):
            try:
                pairs.append(one_pair(contest, floor, product, house))
            except WrongAnswer as error:
                print(f"  pair {number + 1} is void: {error}", flush=True)
                void += 1
                continue
            if len(pairs) == contest.rounds:
                outcome = Outcome(contest, *figures(pairs, floor, product), void)
                if outcome.agrees or number == most - 1:
                    return outcome
                pairs.remove(oddest(pairs))
                void += 1
        raise WrongAnswer(f"{contest.name}: only {len(pairs)} of {most} pairs were without an error")


def one_pair(contest: Contest, floor: Side, product: Side, house: House) -> tuple[Round, Round]:
    """A neighbour on the machine slows down both sides alike when they take turns quickly."""
    floors, products = [], []
    for turn in range(contest.turns):
        if turn % 2:
            products.append(one_turn(product, house))
        floors.append(one_turn(floor, house))
        if not turn % 2:
            products.append(one_turn(product, house))
    return together(floors), together(products)


def one_turn(side: Side, house: House) -> Turn:
    side.task.prepare()
    statements = house.statements()
    app, postgres, began = cpu_seconds(side.pid), cpu_seconds(house.postgres), time.monotonic()
    work = side.task.work()
    wall = time.monotonic() - began
    app, postgres = cpu_seconds(side.pid) - app, cpu_seconds(house.postgres) - postgres
    statements = house.statements() - statements
    side.task.check()
    return Turn(app, postgres, wall, statements, work)


def together(turns: list[Turn]) -> Round:
    operations = sum(turn.work.operations for turn in turns)
    app, postgres, wall, statements = (
        sum(getattr(turn, of) for turn in turns) / operations for of in ("app", "postgres", "wall", "statements")
    )
    return Round(
        app * 1000, postgres * 1000, wall * 1000, statements, [second for turn in turns for second in turn.work.seconds]
    )


def oddest(pairs: list[tuple[Round, Round]]) -> tuple[Round, Round]:
    """The pair of which one side lies furthest from that side's median."""
    middles = [median(pair[side].cpu for pair in pairs) for side in (0, 1)]
    return max(pairs, key=lambda pair: max(abs(pair[side].cpu / middles[side] - 1) for side in (0, 1)))


def figures(pairs: list[tuple[Round, Round]], floor: Side, product: Side) -> tuple[Figures, Figures]:
    floors, products = zip(*pairs, strict=True)
    return Figures(list(floors), peak_memory(floor.pid)), Figures(list(products), peak_memory(product.pid))
