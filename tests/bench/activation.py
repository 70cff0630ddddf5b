"""Step 1 of activation: the POST with an ID and a birth date that finds the policy."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from itertools import count

from django.db.models import Sum

from activation.models import Step
from activation.rules import Verdict
from core.models import Limit
from tests.bench import town
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import Web, timed, web_server

POSTS = 75  # a turn


class Find:
    """Each turn asks for other people, each from an address of their own, as a browser does that has read the form."""

    def __init__(self, web: Web, *, numbers: Iterator[int], onward: str) -> None:
        self.web, self.numbers, self.onward = web, numbers, onward
        self.headers: dict[str, str] = {}
        self.hidden: dict[str, str] = {}

    def prepare(self) -> None:
        language = {"Accept-Language": "ru"}
        cookies, self.hidden = self.web.reads_form(f"/activate/{town.PROGRAMME}/", language)
        self.headers = language | {"Cookie": cookies}
        self.steps = Step.objects.filter(kind=Verdict.OPEN).count()
        self.attempts = attempts()

    def work(self) -> Work:
        return Work(POSTS, [timed(self.post) for _post in range(POSTS)])

    def post(self) -> None:
        number = next(self.numbers) % town.INSURED
        source = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        answer, _body = self.web.post(
            f"/activate/{town.PROGRAMME}/", self.hidden | town.facts(number),
            self.headers | {"X-Forwarded-For": source},
        )  # fmt: skip
        if answer.status != 302 or answer.headers["Location"] != self.onward:
            raise WrongAnswer(f"{answer.status} {answer.headers['Location']} instead of the next step")

    def check(self) -> None:
        """Both sides left the same rows: a step each, every attempt counted, no failure."""
        if Step.objects.filter(kind=Verdict.OPEN).count() != self.steps + POSTS:
            raise WrongAnswer("steps are missing")
        if attempts() != self.attempts + POSTS:
            raise WrongAnswer("attempts are missing")
        if Limit.objects.exclude(key__regex=":(attempts|visits)$").exclude(spent=0).exists():
            raise WrongAnswer("right facts were counted as failures")


def attempts() -> int:
    """Of this day, by which the product counts."""
    return Limit.objects.filter(key__endswith=":attempts").aggregate(Sum("spent"))["spent__sum"] or 0


numbers = count()


def floor(house: House) -> AbstractContextManager[Side]:
    task = partial(Find, numbers=numbers, onward="/found/")
    return web_server("tests.bench.bare:application", task, house, BENCH_URLS="tests.bench.activation_floor")


def product(house: House) -> AbstractContextManager[Side]:
    task = partial(Find, numbers=numbers, onward=f"/activate/{town.PROGRAMME}/account/")
    return web_server("portal.wsgi:application", task, house)


CONTESTS = [
    Contest(
        name="activation",
        work="step 1, a POST that finds the policy",
        floor_is="a bare Django view with the ORM and no middleware, which writes the same rows (6 limits, 1 step)",
        goal=Goal(0.65),
        floor=floor,
        product=product,
    )
]
