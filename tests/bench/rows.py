"""What the second wall (core.rows) costs a page that stands behind it: the same pages with it and without it."""

import os
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from policies.models import Access, Party, Person, Policy
from policies.rules import Role, StaffRole
from telemed.models import Conclusion, Consultation, ConsultationStep, Doctor, Message, PresenceSpan, Rating
from telemed.rules import Event, Outcome, Side, Speciality, State
from tests.bench import clinic
from tests.bench.contest import Contest, Goal, Work, WrongAnswer
from tests.bench.contest import Side as Contestant
from tests.bench.figures import FILL, KINDS
from tests.bench.measure import House
from tests.bench.sides import Web, timed, web_server
from tests.people import a_member, insured_browser, staff_browser
from tests.telemed.factories import a_consultation

VISITS = 40  # a turn
DOCTORS, TAKEN, WAITING, SAID, EARLIER = 50, 5_000, 30, 10, 3
PAST = 50_000  # requests of a year, of which two of five were rated
RATED = """
    INSERT INTO telemed_rating (consultation_id, stars, words, by_id, at)
    SELECT id, 4, '', asked_by_id, now() FROM telemed_consultation WHERE rendered_as = 'held' AND id %% 5 < 2
"""
OPEN_ROLE = "web_open"


# ── Who is in the house ──────────────────────────────────────────────────────
@dataclass(frozen=True)
class Cast:
    patient: str  # cookies
    doctor: str
    coordinator: str
    talk: Consultation  # has ended; its conclusion is being written
    waiting: Consultation


@cache
def settle() -> Cast:
    """A patient with a talk and earlier ones, a request that waits among others, and some thousand bookings around them."""
    clinic.settle()
    user, now = User.objects.get(email=clinic.email(0)), timezone.now()
    person = Access.objects.get(user=user).person
    policy = insured_by(person)
    doctor = Doctor.objects.get(slug=f"{Speciality.CARDIOLOGIST}-0")
    clinic.fill(person.insurer, Speciality.NEUROLOGIST, doctors=DOCTORS, taken=TAKEN)
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"kinds": KINDS, "doctor": doctor.pk, "insurer": person.insurer_id, "requests": PAST})
        cursor.execute(RATED, [])
    talk = a_consultation(
        user, policy, State.TALKED, doctor=doctor, asked_at=now, queued_at=now, began_at=now, ended_at=now
    )
    for _ in range(EARLIER):
        earlier = a_consultation(
            user, policy, State.ACCEPTED, doctor=doctor, asked_at=now, began_at=now, ended_at=now, rendered_at=now,
            rendered_as="held",
        )  # fmt: skip
        Conclusion.objects.create(consultation=earlier, doctor=doctor, methods="Анализ крови", outcome=Outcome.ADVISED)
        Rating.objects.create(consultation=earlier, stars=5, by=user, at=now)
    for number in range(SAID):
        Message.objects.create(
            consultation=talk, side=Side.DOCTOR if number % 2 else Side.PATIENT, by=user, text="Здравствуйте", at=now
        )
        ConsultationStep.objects.create(consultation=talk, kind=Event.SWITCH, at=now, by=user)
    queue = [
        a_consultation(access.user, insured_by(access.person), queued_at=now, asked_at=now)
        for access in Access.objects.filter(user__email__startswith="patient").order_by("pk")[:WAITING]
    ]
    PresenceSpan.objects.bulk_create(
        PresenceSpan(consultation=one, since=now, until=now + timedelta(days=1)) for one in queue
    )
    coordinator = a_member(StaffRole.COORDINATOR, person.insurer, f"{uuid.uuid4().hex}@example.kz")
    return Cast(
        patient=cookies(insured_browser(user)),
        doctor=cookies(staff_browser(User.objects.get(doctors=doctor))),
        coordinator=cookies(staff_browser(coordinator)),
        talk=talk,
        waiting=queue[0],
    )


def insured_by(person: Person) -> Policy:
    return Party.objects.get(person=person, role=Role.INSURED).policy


def cookies(browser: Client) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"


# ── What they look at ────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Page:
    name: str
    cookies: Callable[[Cast], str]
    address: Callable[[Cast], str]
    shows: str


PAGES = [
    Page(
        "the patient’s page of a talk", lambda cast: cast.patient,
        lambda cast: f"/doctor/consultations/{cast.talk.public_id}/", "Здравствуйте",
    ),
    Page(
        "the place in the queue, asked twice a minute", lambda cast: cast.patient,
        lambda cast: f"/doctor/consultations/{cast.waiting.public_id}/place/", "",
    ),
    Page("the patient’s section", lambda cast: cast.patient, lambda cast: "/doctor/", ""),
    Page(
        "the doctor’s page of a talk", lambda cast: cast.doctor,
        lambda cast: f"/desk/consultations/{cast.talk.public_id}/", "Здравствуйте",
    ),
    Page("the doctor’s desk", lambda cast: cast.doctor, lambda cast: "/desk/", ""),
    Page("what goes on now, for coordinators", lambda cast: cast.coordinator, lambda cast: "/assistance/now/", ""),
    Page(
        "the figures of a month, for coordinators", lambda cast: cast.coordinator,
        lambda cast: "/assistance/figures/?period=month", "",
    ),
]  # fmt: skip


class Visit:
    def __init__(self, web: Web, *, page: Page) -> None:
        self.web, self.page, cast = web, page, settle()
        self.address, self.headers = page.address(cast), {"Cookie": page.cookies(cast), "Accept-Language": "ru"}

    def prepare(self) -> None:
        """Nothing changes between visits."""

    def work(self) -> Work:
        return Work(VISITS, [timed(self.visit) for _visit in range(VISITS)])

    def visit(self) -> None:
        answer, body = self.web.get(self.address, self.headers)
        if answer.status != 200 or self.page.shows not in body.decode():
            raise WrongAnswer(f"{answer.status} at {self.address}")
        self.length = len(body)

    def check(self) -> None:
        if not self.length:
            raise WrongAnswer("an empty page")


# ── Sides ────────────────────────────────────────────────────────────────────
def floor(page: Page, house: House) -> AbstractContextManager[Contestant]:
    return web_server(
        "portal.wsgi:application", partial(Visit, page=page), house,
        DJANGO_SETTINGS_MODULE="tests.bench.rows_floor", DATABASE_URL=open_url(house),
    )  # fmt: skip


def product(page: Page, house: House) -> AbstractContextManager[Contestant]:
    return web_server("portal.wsgi:application", partial(Visit, page=page), house)


@cache
def open_url(house: House) -> str:
    """Of a role with the rights of `web`, which passes by every policy."""
    settle()
    house.superuser.execute(f"CREATE ROLE {OPEN_ROLE} LOGIN BYPASSRLS PASSWORD 'open' IN ROLE web")
    house.superuser.execute("VACUUM ANALYZE")
    url = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(url._replace(netloc=f"{OPEN_ROLE}:open@{url.netloc.rpartition('@')[2]}"))


CONTESTS = [
    Contest(
        name=f"rows, {page.name}", work=f"{page.name}: a GET behind the second wall",
        floor_is="the product without it: no policy binds the role, nobody is told who looks", goal=Goal(1.1, "most"),
        floor=partial(floor, page), product=partial(product, page),
    )
    for page in PAGES
]  # fmt: skip
