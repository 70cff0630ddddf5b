"""The doors beside ID and birth date: the POST with the facts of each that finds the policy."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any, Protocol

from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.models import User
from activation.models import Declaration, Step
from activation.rules import Declared, Verdict
from activation.services.codes import issue_codes
from activation.services.declare import declare
from activation.views.passage import NUMBER_COOKIE
from core.identity import check_digit
from core.models import Limit
from policies.models import ConsentText, Party, Person, Policy, ProductVersion
from policies.rules import ContractKind, Role
from policies.services.consents import give_consents
from tests.bench import town
from tests.bench.activation import attempts
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import Web, timed, web_server

POSTS = 50  # a turn
INSURED = 500  # of each programme
NAME = ("Садыкова", "Айгуль", "Сериковна")
DECLARED = Declared(*NAME, town.born(0))


@dataclass(frozen=True)
class Door:
    code: str  # of the programme
    page: str  # under /activate/CODE/
    works: str
    floor_is: str


CODE = Door(
    "personal-doctor", "", "policy number, activation code, IIN and name: a POST that finds the policy",
    "a bare Django view with the ORM that compares the code's keyed hash and writes the same rows",
)  # fmt: skip
MOBILE = Door(
    "life-with-telemedicine", "", "name and birth date behind a proved mobile number: a POST that finds the policy",
    "a bare Django view with the ORM that reads the signed number and writes the same rows",
)  # fmt: skip
OWN = Door(
    "sogaz-health", "number/", "a policy number in the cabinet, declared data compared: a POST that finds the policy",
    "a bare Django view with the ORM that reads session, account and declaration and writes the same rows",
)  # fmt: skip


# ── Who is insured ───────────────────────────────────────────────────────────
def settle(door: Door) -> None:
    """INSURED people of the programme, without an account. Once a run."""
    version = ProductVersion.objects.current().get(product__code=door.code)
    insurer = version.product.insurer
    if Policy.objects.filter(product_version=version).exists():
        return
    surname, given_name, patronymic = NAME
    people = [
        Person(
            insurer=insurer, surname=surname, given_name=given_name, patronymic=patronymic,
            birth_date=DECLARED.birth_date if door is OWN else town.born(number),
            phone=phone(number) if door is MOBILE else "", search_key="садыкова айгуль сериковна", sort_key=str(number),
        )
        for number in range(INSURED)
    ]  # fmt: skip
    today = insurer.today(timezone.now())
    policies = [
        Policy(
            insurer=insurer, product_version=version, insured_id=policy_number(number), insured_key=policy_number(number),
            contract_kind=ContractKind.INDIVIDUAL, signed_on=None if door is CODE else today - timedelta(days=60),
            cover_starts_on=None if door is CODE else today - timedelta(days=45),
        )
        for number in range(INSURED)
    ]  # fmt: skip
    Party.objects.bulk_create(
        Party(policy=policy, person=person, role=Role.INSURED)
        for policy, person in zip(Policy.objects.bulk_create(policies), Person.objects.bulk_create(people), strict=True)
    )


def policy_number(number: int) -> str:
    return f"77{number:05}"


def phone(number: int) -> str:
    return f"+7701555{number:04}"


# ── A visitor of each door ───────────────────────────────────────────────────
class Visitor(Protocol):
    """Says who they are, number after number, each from an address of their own."""

    door: Door

    def cookies(self, number: int) -> str: ...
    def facts(self, number: int) -> dict[str, str]: ...


class WithCode:
    def __init__(self, door: Door) -> None:
        self.door = door
        product = ProductVersion.objects.current().get(product__code=door.code).product
        printed = issue_codes(product=product, by=None, now=timezone.now())
        self.codes = CODES.setdefault(door.code, {slip.policy.insured_id: slip.code for slip in printed})

    def cookies(self, number: int) -> str:
        return ""

    def facts(self, number: int) -> dict[str, str]:
        policy = policy_number(number)
        return {"insured_id": policy, "code": self.codes[policy], "iin": iin(town.born(number)), "name": " ".join(NAME)}


@dataclass
class WithNumber:
    door: Door

    def cookies(self, number: int) -> str:
        signed = signing.get_cookie_signer(salt=NUMBER_COOKIE + NUMBER_COOKIE).sign(phone(number))
        return f"; {NUMBER_COOKIE}={signed}"

    def facts(self, number: int) -> dict[str, str]:
        return {"name": " ".join(NAME)} | town.birth_date(number)


class SignedIn:
    def __init__(self, door: Door) -> None:
        self.door = door
        user = User.objects.get(email=town.email(1))
        insurer = ProductVersion.objects.current().get(product__code=door.code).product.insurer
        if not Declaration.objects.filter(user=user).exists():
            now, texts = timezone.now(), list(ConsentText.objects.current().filter(insurer=insurer))
            declare(
                user=user, insurer=insurer, declared=DECLARED, passport="", texts=[], language="ru", now=now,
            )  # fmt: skip
            give_consents(user=user, texts=texts, person=None, language="ru", now=now)
        browser = Client()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.session = browser.session.session_key

    def cookies(self, number: int) -> str:
        return f"; {settings.SESSION_COOKIE_NAME}={self.session}"

    def facts(self, number: int) -> dict[str, str]:
        return {"insured_id": policy_number(number)}


CODES: dict[str, dict[str, str]] = {}  # both sides know the same slips


def iin(born: date) -> str:
    """Well formed: the register has none, so its first digits are held against the birth date."""
    numbers = (f"{born:%y%m%d}4{serial:04}" for serial in range(9))
    return next(f"{number}{last}" for number in numbers if (last := check_digit(number)) is not None)


# ── The work ─────────────────────────────────────────────────────────────────
class Knock:
    """As a browser does that has read the form. Each turn asks for other people."""

    def __init__(self, web: Web, *, visitor: Visitor, numbers: Iterator[int], onward: str) -> None:
        self.web, self.visitor, self.numbers, self.onward = web, visitor, numbers, onward
        self.path = f"/activate/{visitor.door.code}/{visitor.door.page}"

    def prepare(self) -> None:
        language = {"Accept-Language": "ru"}
        cookies, self.hidden = self.web.reads_form(
            self.path, language | {"Cookie": self.visitor.cookies(0).strip("; ")}
        )
        self.headers, self.kept = language, cookies
        self.steps = Step.objects.filter(kind=Verdict.OPEN).count()
        self.attempts = attempts()

    def work(self) -> Work:
        return Work(POSTS, [timed(self.post) for _post in range(POSTS)])

    def post(self) -> None:
        turn = next(self.numbers)
        number = turn % INSURED
        source = f"10.{turn >> 16}.{turn >> 8 & 255}.{turn & 255}"
        answer, _body = self.web.post(
            self.path, self.hidden | self.visitor.facts(number),
            self.headers | {"X-Forwarded-For": source, "Cookie": self.kept + self.visitor.cookies(number)},
        )  # fmt: skip
        if answer.status != 302 or answer.headers["Location"] != self.onward:
            raise WrongAnswer(f"{answer.status} {answer.headers['Location']} instead of the next step")

    def check(self) -> None:
        """A step each, no failure. An ID counts as an attempt once a day, so of the attempts there are no more than posts."""
        if Step.objects.filter(kind=Verdict.OPEN).count() != self.steps + POSTS:
            raise WrongAnswer("steps are missing")
        if attempts() > self.attempts + POSTS:
            raise WrongAnswer("attempts are counted twice")
        if Limit.objects.exclude(key__regex=":(attempts|visits)$").exclude(spent=0).exists():
            raise WrongAnswer("right facts were counted as failures")


def contest(door: Door, visitor: Callable[[Door], Visitor]) -> Contest:
    numbers = count()

    def side(application: str, onward: str, house: House, **environment: Any) -> AbstractContextManager[Side]:
        settle(door)
        task = partial(Knock, visitor=visitor(door), numbers=numbers, onward=onward)
        return web_server(application, task, house, **environment)

    return Contest(
        name=f"doors, {door.code}",
        work=door.works,
        floor_is=door.floor_is,
        goal=Goal(0.5),
        floor=lambda house: side(
            "tests.bench.bare:application", "/found/", house, BENCH_URLS="tests.bench.doors_floor"
        ),
        product=lambda house: side("portal.wsgi:application", f"/activate/{door.code}/account/", house),
    )


CONTESTS = [contest(CODE, WithCode), contest(MOBILE, WithNumber), contest(OWN, SignedIn)]
