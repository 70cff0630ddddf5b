"""The cabinet's home page, for somebody signed in who owns two policies."""

from contextlib import AbstractContextManager
from functools import partial

from django.conf import settings
from django.test import Client

from accounts.models import User
from tests.bench import town
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import Web, timed, web_server

VISITS = 60  # a turn


class Visit:
    """Both sides are asked with one session, and answer with the same bytes but for the nonce."""

    def __init__(self, web: Web, *, session: str) -> None:
        self.web = web
        self.headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}", "Accept-Language": "ru"}

    def prepare(self) -> None:
        """Nothing changes between visits."""

    def work(self) -> Work:
        return Work(VISITS, [timed(self.visit) for _visit in range(VISITS)])

    def visit(self) -> None:
        answer, body = self.web.get("/", self.headers)
        names = town.NAME.findall(body.decode())
        if answer.status != 200 or names != OWNED:
            raise WrongAnswer(f"{answer.status} with the policies of {names}")
        self.length = len(body)

    def check(self) -> None:
        LENGTHS.add(self.length)
        if len(LENGTHS) > 1:
            raise WrongAnswer(f"pages of different length: {LENGTHS}")


LENGTHS: set[int] = set()
OWNED = [town.given_name(number) for number in (0, town.OWNERS)]


def signed_in() -> str:
    """The key of a session of the first owner."""
    browser = Client()
    browser.force_login(
        User.objects.get(email=town.email(0)), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return str(browser.session.session_key)


def floor(house: House) -> AbstractContextManager[Side]:
    session = signed_in()
    return web_server(
        "tests.bench.home_floor:application", partial(Visit, session=session), house, BENCH_SESSION=session
    )


def product(house: House) -> AbstractContextManager[Side]:
    return web_server("portal.wsgi:application", partial(Visit, session=signed_in()), house)


CONTESTS = [
    Contest(
        name="home",
        work="the cabinet's home page, signed in, two policies",
        floor_is="a raw WSGI function that sends the same statements and answers with the same bytes",
        goal=Goal(0.15),
        floor=floor,
        product=product,
    )
]
