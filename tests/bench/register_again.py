"""A register of 100,000 rows that comes a second time as it was, beside its first coming."""

from functools import partial

from policies.models import Register
from tests.bench import register
from tests.bench.contest import Contest, Goal, Work, WrongAnswer
from tests.bench.register import REFUSED, ROWS
from tests.bench.sides import timed


class First(register.Product):
    taken = "new"

    def prepare(self) -> None:
        self.begin_with()

    def work(self) -> Work:
        return Work(ROWS, [timed(self.take_over_all) / ROWS])

    def take_over_all(self) -> None:
        self.take_over(self.file)

    def check(self) -> None:
        last = Register.objects.latest("pk")
        if (getattr(last, self.taken), last.refused) != (ROWS - REFUSED, REFUSED):
            raise WrongAnswer(f"{self.side}: {getattr(last, self.taken)} {self.taken}, {last.refused} refused")


class Again(First):
    taken = "unchanged"

    def prepare(self) -> None:
        self.begin_with(self.file)


CONTESTS = [
    Contest(
        name="register, again",
        work="one of 100,000 rows that are on file already, as they are",
        floor_is="the product itself, when the same register came for the first time",
        goal=Goal(1.5),
        floor=partial(register.side, "First", home="tests.bench.register_again"),
        product=partial(register.side, "Again", home="tests.bench.register_again"),
        turns=1,
    )
]
