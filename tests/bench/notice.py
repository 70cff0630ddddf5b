"""The notice of an event by a guest: the POST that registers it, with its number, checklist, receipt and way back."""

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from itertools import count

from django.conf import settings
from django.core import signing
from django.core.signing import TimestampSigner
from django.db.models import Model

from accounts.models import GuestAccess
from claims.models import Claim, Item, Letter, LetterPaper, Step
from claims.rules.checklists import CHECKLISTS
from claims.rules.events import InsuredEvent
from claims.views.guest import CONTACT_COOKIE
from core.form_tokens import FIELD
from core.models import AuditEvent, SentForm
from notices.models import Notice
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import Web, timed, web_server

POSTS = 40  # a turn
INSURER = "nomad-life"
PATH = f"/claims/guests/{INSURER}/notice/"
TOLD = {
    "event": "death", "event_on_0": "10", "event_on_1": "03", "event_on_2": "2026", "country": "KZ", "place": "Алматы",
    "story": "Упал с лестницы", "by_accident": "", "declared_by_court": "", "by_inheritance": "yes",
    "surname": "Ахметов", "given_name": "Серик", "patronymic": "", "born_on_0": "14", "born_on_1": "03",
    "born_on_2": "1961", "iin": "", "policy_number": "", "role": "heir", "name": "Ахметова Раушан",
}  # fmt: skip
# What each notice leaves, and how many of it.
LEFT: dict[type[Model], int] = {
    Claim: 1, Step: 1, Item: len(CHECKLISTS[InsuredEvent.DEATH]), Letter: 1, LetterPaper: 1, Notice: 1, GuestAccess: 1,
    AuditEvent: 1, SentForm: 1,
}  # fmt: skip


class Tell:
    """Each notice is another guest's, who has proved a contact and comes from an address of their own."""

    def __init__(self, web: Web, *, numbers: Iterator[int]) -> None:
        self.web, self.numbers = web, numbers

    def prepare(self) -> None:
        cookies, self.hidden = self.web.reads_form(PATH, {"Accept-Language": "ru", "Cookie": proved(0)})
        self.cookies = "; ".join(one for one in cookies.split("; ") if not one.startswith(CONTACT_COOKIE))
        kept = dict(one.split("=", 1) for one in self.cookies.split("; ") if "=" in one)
        self.secret = kept.get(settings.CSRF_COOKIE_NAME, "")
        self.before = {model: model._default_manager.count() for model in LEFT}

    def work(self) -> Work:
        return Work(POSTS, [timed(self.post) for _post in range(POSTS)])

    def post(self) -> None:
        number = next(self.numbers)
        answer, _body = self.web.post(
            PATH, self.hidden | TOLD | {FIELD: token(self.secret)},
            {
                "Accept-Language": "ru", "X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
                "Cookie": f"{self.cookies}; {proved(number)}".strip("; "),
            },
        )  # fmt: skip
        if answer.status != 302 or "/claims/cases/" not in answer.headers["Location"]:
            raise WrongAnswer(f"{answer.status} {answer.headers['Location']} instead of the case")

    def check(self) -> None:
        """Both sides left the same rows."""
        for model, each in LEFT.items():
            left = model._default_manager.count() - self.before[model]
            if left != POSTS * each:
                raise WrongAnswer(f"{left} of {model.__name__} instead of {POSTS * each}")


def proved(number: int) -> str:
    """The cookie of a contact that a code has proved."""
    contact = f"guest{number}@example.kz"
    return f"{CONTACT_COOKIE}={signing.get_cookie_signer(salt=CONTACT_COOKIE + CONTACT_COOKIE).sign(contact)}"


def token(secret: str) -> str:
    """As the page of the form gives one to this browser (core.form_tokens): each is good for one notice."""
    return TimestampSigner(salt=f"core.form_tokens:{secret}").sign(secrets.token_urlsafe(16))


numbers = count(1)


def floor(house: House) -> AbstractContextManager[Side]:
    task = partial(Tell, numbers=numbers)
    return web_server("tests.bench.bare:application", task, house, BENCH_URLS="tests.bench.notice_floor")


def product(house: House) -> AbstractContextManager[Side]:
    return web_server("portal.wsgi:application", partial(Tell, numbers=numbers), house)


CONTESTS = [
    Contest(
        name="notice",
        work="a guest's notice of an event: a POST that registers it with its number, checklist and receipt",
        floor_is="a bare Django view with the ORM and no middleware, which writes the same rows",
        goal=Goal(0.40),
        floor=floor,
        product=product,
    )
]
