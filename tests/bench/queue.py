"""The reviewers' queue over a million claims: its 4,000th page beside its first, its first beside the raw keyset SQL with the
same joins, and the list of the admin beside Django's own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from django.db import connection

from claims.models import Claim
from claims.rules.queue import PAGE, Place
from core.rows.viewers import working
from core.rows.walls import HOUSE
from tests.bench import claims_house
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import Web, timed, web_server, worker

READS, FAR = 20, 4_000  # a turn; the page that is far
RAW = """
    SELECT claim.*, insurer.*, person.*, policy.*, reviewer.*
    FROM claims_claim AS claim
    JOIN policies_insurer AS insurer ON insurer.id = claim.insurer_id
    LEFT JOIN policies_person AS person ON person.id = claim.person_id
    LEFT JOIN policies_policy AS policy ON policy.id = claim.policy_id
    LEFT JOIN accounts_user AS reviewer ON reviewer.id = claim.reviewer_id
    WHERE claim.is_open AND claim.insurer_id = %s AND (claim.next_on, claim.id) > (%s, %s)
    ORDER BY claim.next_on, claim.id LIMIT %s
"""


class Read:
    """One page of the queue or of a list, by a reviewer."""

    def __init__(self, web: Web, *, path: Callable[[], str], shows: str) -> None:
        self.web, self.path, self.shows = web, path(), shows
        self.headers = {"Cookie": claims_house.reviewer_cookie(), "Accept-Language": "ru"}

    def prepare(self) -> None:
        self.web.connection.close()

    def work(self) -> Work:
        return Work(READS, [timed(self.read) for _read in range(READS)])

    def read(self) -> None:
        answer, body = self.web.get(self.path, self.headers)
        if answer.status != 200 or self.shows not in body.decode():
            raise WrongAnswer(f"{answer.status} at {self.path}")

    def check(self) -> None:
        """Each reading was looked at."""


class Raw:
    """One statement a page, whose rows nobody draws."""

    def prepare(self) -> None:
        self.insurer = claims_house.settle()

    def work(self) -> Work:
        return Work(READS, [timed(self.read) for _read in range(READS)])

    def read(self) -> None:
        with working(HOUSE), connection.cursor() as cursor:
            cursor.execute(RAW, [self.insurer.pk, "2000-01-01", 0, PAGE + 1])
            self.rows = cursor.fetchall()

    def check(self) -> None:
        if len(self.rows) != PAGE + 1:
            raise WrongAnswer(f"{len(self.rows)} rows")


def first() -> str:
    return "/claims/desk/"


def far() -> str:
    """As whoever has gone on from page to page would ask for it; fewer claims have fewer pages."""
    rows = Claim.objects.filter(insurer=claims_house.settle()).queue().values_list("next_on", "pk")
    before = min(FAR - 2, rows.count() // PAGE - 2) * PAGE + PAGE - 1
    return f"/claims/desk/?after={Place(*rows[before])}"


def admin_list() -> str:
    return "/staff/claims/claim/"


def page(
    path: Callable[[], str], shows: str, house: House, *, settings: str = "portal.settings"
) -> AbstractContextManager[Side]:
    claims_house.settle(house)
    reads = partial(Read, path=path, shows=shows)
    return web_server("portal.wsgi:application", reads, house, DJANGO_SETTINGS_MODULE=settings)


def raw(house: House) -> AbstractContextManager[Side]:
    claims_house.settle(house)
    return worker(f"{__name__}:Raw")


DJANGOS = "tests.bench.queue_floor"
ROW = "/claims/desk/"
CONTESTS = [
    Contest(
        name="queue, far", work="the 4,000th page of the reviewers’ queue over a million claims",
        floor_is="its first page", goal=Goal(1.2, "most"), floor=partial(page, first, ROW), product=partial(page, far, ROW),
    ),
    Contest(
        name="queue, first", work="the first page of the reviewers’ queue over a million claims",
        floor_is="the raw keyset SQL with the same joins, whose rows nobody draws", goal=Goal(5.0, "most"),
        floor=raw, product=partial(page, first, ROW), figure="wall",
    ),
    Contest(
        name="queue, admin", work="the list of a million claims in the admin", floor_is="Django’s own list of the same rows",
        goal=Goal(0.15, "most"), floor=partial(page, admin_list, "changelist", settings=DJANGOS),
        product=partial(page, admin_list, "changelist"), figure="wall", turns=1,
    ),
]  # fmt: skip
