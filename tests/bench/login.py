"""Signing in: what share of its CPU is the hash. The rest is what an attacker's guess would cost us for nothing."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from itertools import count

from allauth.usersessions.models import UserSession
from argon2 import PasswordHasher
from django.conf import settings
from django.contrib.sessions.models import Session

from accounts.models import User
from tests.bench import town
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import Web, timed, web_server, worker

LOGINS = 40  # a turn


class Hash:
    """argon2-cffi alone checks the same password against the same hash."""

    def prepare(self) -> None:
        self.encoded = User.objects.get(email=town.email(0)).password.removeprefix("argon2")

    def work(self) -> Work:
        return Work(LOGINS, [timed(self.verify) for _hash in range(LOGINS)])

    def verify(self) -> None:
        PasswordHasher().verify(self.encoded, town.PASSWORD)

    def check(self) -> None:
        """`verify` raises where the password does not fit."""


class SignIn:
    """Each time another account from another address, in a browser that the account knows; nobody is signed in before."""

    def __init__(self, web: Web, *, numbers: Iterator[int]) -> None:
        self.web, self.numbers = web, numbers

    def prepare(self) -> None:
        self.cookies, self.hidden = self.web.reads_form("/accounts/login/", {"Accept-Language": "ru"})
        Session.objects.all().delete()
        UserSession.objects.all().delete()

    def work(self) -> Work:
        return Work(LOGINS, [timed(self.sign_in) for _login in range(LOGINS)])

    def sign_in(self) -> None:
        number = next(self.numbers)
        owner = number % town.OWNERS
        device = f"{settings.DEVICE_COOKIE_NAME}={town.device_key(owner)}"
        answer, _body = self.web.post(
            "/accounts/login/",
            self.hidden | {"login": town.email(owner), "password": town.PASSWORD},
            {
                "Accept-Language": "ru",
                "Cookie": f"{self.cookies}; {device}",
                "X-Forwarded-For": f"10.1.{number >> 8 & 255}.{number & 255}",
            },
        )
        if answer.status != 302 or answer.headers["Location"] != "/":
            raise WrongAnswer(f"{answer.status} {answer.headers['Location']} instead of the cabinet")

    def check(self) -> None:
        if Session.objects.count() != LOGINS or UserSession.objects.count() != LOGINS:
            raise WrongAnswer("a login without a session")


def floor(house: House) -> AbstractContextManager[Side]:
    return worker("tests.bench.login:Hash")


def product(house: House) -> AbstractContextManager[Side]:
    return web_server("portal.wsgi:application", partial(SignIn, numbers=count()), house)


CONTESTS = [
    Contest(
        name="login",
        work="a POST with e-mail and password that signs in; the ratio is the hash's share",
        floor_is="the Argon2id hash alone (19 MiB, two passes), without Django",
        goal=Goal(0.80),
        floor=floor,
        product=product,
    )
]
