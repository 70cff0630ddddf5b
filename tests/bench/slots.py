"""A month of the free times of five hundred doctors of one speciality."""

from contextlib import AbstractContextManager
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from policies.models import Insurer
from policies.rules import Service
from telemed.models import Doctor
from telemed.queries.slots import BOOKABLE_DAYS, free_times
from telemed.rules import Speciality
from tests.bench import clinic
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import timed, worker

DOCTORS, TAKEN, SPECIALITY = 500, 20_000, Speciality.NEUROLOGIST
READS = 3  # a turn
Times = list[tuple[int, int]]  # doctor, beginning

# Everything in one statement: days by minutes, on the wall of the organisation, without what is busy.
RAW = """
    SELECT hours.doctor_id, EXTRACT(EPOCH FROM begins)::bigint
    FROM telemed_hours AS hours
    JOIN telemed_doctor AS doctor ON doctor.id = hours.doctor_id
    JOIN telemed_medicalorganisation AS house ON house.id = doctor.organisation_id
    CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS day
    CROSS JOIN generate_series(hours.opens::int, hours.closes - hours.minutes, hours.minutes::int) AS minute
    CROSS JOIN LATERAL (SELECT (day::timestamp + minute * interval '1 minute') AT TIME ZONE house.time_zone) AS slot(begins)
    WHERE doctor.speciality = %(speciality)s AND doctor.is_active
        AND hours.weekday = EXTRACT(ISODOW FROM day) - 1 AND hours.services @> ARRAY['specialist']::varchar[]
        AND hours.since <= day AND (hours.until IS NULL OR hours.until >= day)
        AND NOT (minute >= hours.break_from AND minute < hours.break_until)
        AND NOT EXISTS (
            SELECT FROM telemed_absence AS away WHERE away.doctor_id = hours.doctor_id
            AND away.starts_at < begins + hours.minutes * interval '1 minute' AND away.ends_at > begins
        )
        AND NOT EXISTS (
            SELECT FROM telemed_traffic AS taken WHERE taken.doctor_id = hours.doctor_id
            AND taken.state IN ('unpaid', 'booked', 'calling', 'unanswered', 'talking')
            AND taken.starts_at > begins - interval '2 hours'
            AND taken.starts_at < begins + hours.minutes * interval '1 minute' AND taken.ends_at > begins
        )
"""


class Raw:
    """Everything by the one statement."""

    def prepare(self) -> None:
        self.first = clinic.midnight().date()
        self.last = self.first + timedelta(days=BOOKABLE_DAYS - 1)

    def work(self) -> Work:
        return Work(READS, [timed(self.read) for _read in range(READS)])

    def read(self) -> None:
        self.found = self.raw()

    def raw(self) -> Times:
        with connection.cursor() as cursor:
            cursor.execute(RAW, {"first": self.first, "last": self.last, "speciality": SPECIALITY})
            return cursor.fetchall()

    def check(self) -> None:
        """Against what PostgreSQL says when nobody measures."""
        if sorted(self.found) != sorted(self.raw()):
            raise WrongAnswer("the two sides name different times")


class Free(Raw):
    """The product: hours and what is busy by a statement each, the times of them in Python."""

    def read(self) -> None:
        insurer = Insurer.objects.get(slug="nsk")
        doctors = Doctor.objects.offering(insurer, Service.SPECIALIST).filter(speciality=SPECIALITY)
        self.by_doctor = free_times(
            doctors, service=Service.SPECIALIST, first=self.first, last=self.last, zone=insurer.zone, now=timezone.now()
        )

    def check(self) -> None:
        self.found = [(doctor, begins) for doctor, slots in self.by_doctor.items() for begins, _ends in slots]
        super().check()


def floor(house: House) -> AbstractContextManager[Side]:
    return worker("tests.bench.slots:Raw")


def product(house: House) -> AbstractContextManager[Side]:
    clinic.fill(Insurer.objects.get(slug="nsk"), SPECIALITY, doctors=DOCTORS, taken=TAKEN)
    house.superuser.execute("VACUUM ANALYZE")
    return worker("tests.bench.slots:Free")


CONTESTS = [
    Contest(
        name="slots",
        work="a month of free times of 500 doctors, 20,000 of them taken",
        floor_is="one statement that draws, tests and returns them all",
        goal=Goal(3.0, "most"),
        floor=floor,
        product=product,
    )
]
