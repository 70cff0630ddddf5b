"""A coordinator's figures of a month, out of the half million requests of a year."""

from contextlib import AbstractContextManager
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from core.periods import Period
from policies.models import Insurer
from policies.queries.scopes import Scope
from policies.rules import Service
from telemed.queries.figures import Report, report
from telemed.rules import Speciality
from telemed.rules.figures import Ending
from tests.bench import clinic
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import timed, worker

REQUESTS, DAYS, READS = 500_000, 30, 3  # of a year; of the period; a turn
KINDS = [Service.DUTY_GP, Service.DUTY_PAEDIATRICIAN]

# Nine of ten talk, one in twenty leaves, one in twenty is not reached; half wait less than three minutes.
FILL = """
    INSERT INTO telemed_consultation (
        public_id, insurer_id, patient_id, close_one, asked_by_id, language, service, speciality, state, policy_id, price,
        currency, payment_reference, complaint, diagnoses, allergies, contraindications, phone, doctor_id, moves, asked_at,
        queued_at, by_telephone, called_at, first_called_at, extensions, channel, began_at, ended_at, rendered_at,
        rendered_as, room
    )
    SELECT gen_random_uuid(), party.insurer_id, party.person_id, '', (SELECT min(id) FROM accounts_user), 'ru',
        (%(kinds)s::text[])[1 + n %% 2], 'therapist', CASE WHEN n %% 20 = 0 THEN 'cancelled' ELSE 'accepted' END,
        party.policy_id, 0, 'KZT', '', repeat('Третий день болит горло, температура ', 5), repeat('гипертония ', 4), '', '',
        '+77010000000', %(doctor)s, 0, asked, asked, false, nullif(n %% 20, 0) * interval '0' + called,
        nullif(n %% 20, 0) * interval '0' + called, 0, CASE WHEN n %% 20 > 1 THEN 'video' ELSE '' END,
        CASE WHEN n %% 20 > 1 THEN called END, called + interval '14 minutes',
        CASE WHEN n %% 20 > 0 THEN called + interval '20 minutes' END,
        CASE n %% 20 WHEN 0 THEN '' WHEN 1 THEN 'no_show' ELSE 'held' END, md5(n::text)
    FROM (
        SELECT n, now() - n * interval '365 days' / %(requests)s AS asked,
            now() - n * interval '365 days' / %(requests)s - ln(1 - random()) * interval '4 minutes' AS called
        FROM generate_series(1, %(requests)s) AS n
    ) AS request
    JOIN (
        SELECT party.person_id, party.policy_id, policy.insurer_id, row_number() OVER (ORDER BY party.id) AS place
        FROM policies_party AS party JOIN policies_policy AS policy ON policy.id = party.policy_id
        WHERE party.role = 'insured' AND policy.insurer_id = %(insurer)s
    ) AS party ON party.place = 1 + n %% (
        SELECT count(*) FROM policies_party AS p JOIN policies_policy AS q ON q.id = p.policy_id
        WHERE p.role = 'insured' AND q.insurer_id = %(insurer)s
    )
"""
# Everything that the page shows of requests, in one statement.
RAW = """
    SELECT version.product_id, one.service, date_trunc('day', one.asked_at AT TIME ZONE 'Asia/Almaty'),
        count(*), count(*) FILTER (WHERE one.price = 0), count(one.began_at),
        count(*) FILTER (WHERE one.began_at IS NULL AND one.rendered_as = 'no_show'),
        count(*) FILTER (WHERE one.began_at IS NULL AND one.rendered_as = 'cancelled_late'),
        count(*) FILTER (WHERE one.state = 'cancelled'),
        count(*) FILTER (WHERE one.first_called_at <= coalesce(one.starts_at, one.queued_at) + interval '10 minutes'),
        avg(one.ended_at - one.began_at), count(rating.id), avg(rating.stars),
        percentile_disc(ARRAY[.5, .9]) WITHIN GROUP (ORDER BY one.first_called_at - coalesce(one.starts_at, one.queued_at))
    FROM telemed_consultation AS one
    LEFT JOIN policies_policy AS policy ON policy.id = one.policy_id
    LEFT JOIN policies_productversion AS version ON version.id = policy.product_version_id
    LEFT JOIN telemed_rating AS rating ON rating.consultation_id = one.id
    WHERE one.insurer_id = %s AND one.asked_at >= %s AND one.asked_at < %s
    GROUP BY GROUPING SETS ((), (1), (2), (3))
"""


class Raw:
    """One statement, whose rows nobody reads."""

    def prepare(self) -> None:
        self.insurer = Insurer.objects.get(slug="nsk")
        today = self.insurer.today(timezone.now())
        self.period = Period(today - timedelta(days=DAYS - 1), today)

    def work(self) -> Work:
        return Work(READS, [timed(self.read) for _read in range(READS)])

    def read(self) -> None:
        self.talks = self.raw()

    def raw(self) -> int:
        """How many talks there were."""
        with connection.cursor() as cursor:
            cursor.execute(RAW, [self.insurer.pk, *self.period.span(self.insurer.zone)])
            return max(row[5] for row in cursor.fetchall())

    def check(self) -> None:
        """Against what PostgreSQL says when nobody measures."""
        if not self.talks or self.talks != self.raw():
            raise WrongAnswer("the two sides count different talks")


class Counted(Raw):
    """The product: four statements and a calendar, cells that are added up in Python."""

    def read(self) -> None:
        found: Report = report(Scope([self.insurer], self.period), now=timezone.now())
        self.talks = found.total.endings[Ending.TALK]


def floor(house: House) -> AbstractContextManager[Side]:
    return worker("tests.bench.figures:Raw")


def product(house: House) -> AbstractContextManager[Side]:
    insurer = Insurer.objects.get(slug="nsk")
    (doctor,) = clinic.a_staff(insurer, Speciality.THERAPIST, 1)
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"kinds": KINDS, "doctor": doctor.pk, "insurer": insurer.pk, "requests": REQUESTS})
    house.superuser.execute("VACUUM ANALYZE")
    return worker("tests.bench.figures:Counted")


CONTESTS = [
    Contest(
        name="figures",
        work="a coordinator's figures of a month, out of 500,000 requests of a year",
        floor_is="one statement that counts by programme, kind and day, with medians; its rows are not read",
        goal=Goal(1.5, "most"),
        floor=floor,
        product=product,
    )
]
