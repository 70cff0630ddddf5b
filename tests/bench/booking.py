"""Booking a talk for a chosen time: a POST that books, and two hundred patients on fifty times."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial

from notices.models import Notice
from telemed.models import Consultation, ConsultationStep
from tests.bench import clinic
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import Web, timed, web_server

POSTS = 60  # a turn, each by another patient
CONNECTIONS = 8


class Book:
    """Each patient sends the form that their page would have given."""

    def __init__(self, web: Web) -> None:
        self.web = web
        clinic.settle()
        clinic.forget_bookings()  # of the contest before: a page of a time that is gone has another form
        self.forms = [clinic.wanted(number) for number in range(POSTS)]
        self.browsers = [browser_of(web, number) for number in range(POSTS)]

    def prepare(self) -> None:
        self.web.connection.close()  # the server has ended it while the other side was at work; it opens by itself
        clinic.forget_bookings()

    def work(self) -> Work:
        return Work(POSTS, [timed(partial(self.post, number)) for number in range(POSTS)])

    def post(self, number: int) -> None:
        if books(self.web, self.browsers[number], self.forms[number]) != "booked":
            raise WrongAnswer("not booked")

    def check(self) -> None:
        """Both sides left the same rows: a booking, its step, four messages each."""
        found = Consultation.objects.filter(state="booked").count(), ConsultationStep.objects.count()
        if (*found, Notice.objects.count()) != (POSTS, POSTS, 4 * POSTS):
            raise WrongAnswer(f"{found} bookings and steps, {Notice.objects.count()} messages")


class Race:
    """Two hundred patients want fifty times, by eight connections."""

    def __init__(self, web: Web) -> None:
        clinic.settle()
        clinic.forget_bookings()  # of the contest before: a page of a time that is gone has another form
        self.webs = [Web(web.port) for _connection in range(CONNECTIONS)]
        self.forms = [clinic.wanted(number) for number in range(clinic.TIMES)]
        self.browsers = [browser_of(web, number) for number in range(clinic.PATIENTS)]

    def prepare(self) -> None:
        for web in self.webs:
            web.connection.close()
        clinic.forget_bookings()
        self.answers: Counter[str] = Counter()

    def work(self) -> Work:
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            for answers in pool.map(self.presses, range(CONNECTIONS)):
                self.answers.update(answers)
        return Work(clinic.PATIENTS, [])

    def presses(self, connection: int) -> list[str]:
        mine = range(connection, clinic.PATIENTS, CONNECTIONS)
        return [
            books(self.webs[connection], self.browsers[number], self.forms[number // 4]) for number in mine
        ]  # fmt: skip

    def check(self) -> None:
        """As many winners as times, nobody twice, and each was told at once which of the two they are."""
        booked = Consultation.objects.values_list("starts_at", "doctor")
        if len(set(booked)) != len(booked) or len(booked) != clinic.TIMES:
            raise WrongAnswer(f"{len(booked)} bookings")
        if self.answers != {"booked": clinic.TIMES, "taken": clinic.PATIENTS - clinic.TIMES}:
            raise WrongAnswer(f"{self.answers}")


def browser_of(web: Web, number: int) -> dict[str, str]:
    """With the token that the page of the form gave it, where the side has one."""
    browser = dict(clinic.sessions()[number])
    cookies, hidden = web.reads_form(
        f"{browser['path']}?slot={clinic.wanted(0)['slot']}", {"Cookie": browser["session"], "Accept-Language": "ru"}
    )
    return browser | {"Cookie": f"{browser['session']}; {cookies}"} | {"csrf": hidden.get("csrfmiddlewaretoken", "")}


def books(web: Web, browser: dict[str, str], form: dict[str, str]) -> str:
    headers = {"Cookie": browser["Cookie"], "Accept-Language": "ru", "X-Patient": browser["X-Patient"]}
    answer, _body = web.post(browser["path"], form | {"csrfmiddlewaretoken": browser["csrf"]}, headers)
    if answer.status == 302 and "/consultations/" in answer.headers["Location"]:
        return "booked"
    return "taken" if answer.status in (200, 409) else f"{answer.status}"


def floor(task: Callable[[Web], Book | Race], threads: int, house: House) -> AbstractContextManager[Side]:
    where = {"BENCH_URLS": "tests.bench.booking_floor"}
    return web_server("tests.bench.bare:application", task, house, threads=threads, **where)


def product(task: Callable[[Web], Book | Race], threads: int, house: House) -> AbstractContextManager[Side]:
    return web_server("portal.wsgi:application", task, house, threads=threads)


FLOOR = "a bare Django view with the ORM and no middleware, which asks the same and writes the same rows"
CONTESTS = [
    Contest(
        name="booking", work="a POST that books a talk for a chosen time", floor_is=FLOOR, goal=Goal(0.5),
        floor=partial(floor, Book, 1), product=partial(product, Book, 1),
    ),
    Contest(
        name="race", work="one of 200 patients who press «Book» for 50 times at once, answered", floor_is=FLOOR,
        goal=Goal(2.0, "most"), floor=partial(floor, Race, CONNECTIONS), product=partial(product, Race, CONNECTIONS),
        figure="wall",
    ),
]  # fmt: skip
