"""The past of the demo's telemedicine: two months of requests that all have ended, so that the coordinators' room has figures.
They are of invented people whom nobody signs in as."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from core.identity import normalise_key
from core.rows.viewers import working
from policies.models import Party, Person, Policy, ProductVersion
from policies.rules import ContractKind, Rendering, Role, Service
from telemed.models import Attempt, ClaimAnswer, Consultation, Doctor, QualityClaim, Rating
from telemed.rules import ATTEMPT_EVERY, ATTEMPTS, JOB, AttemptResult, Channel, Means, Speciality, State, Verdict

PROGRAMMES = ("life-with-telemedicine", "personal-doctor")
DAYS, PATIENTS = 60, 12  # of each programme
ASKED_BY = "requests@example.kz"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HOURS = [1] * 7 + [4] * 15 + [2] * 2  # how many ask in each hour of the day, compared with the others
USUAL_WAIT = 260  # seconds
# How a request ended: its weight among a hundred, and what is known of it then.
ENDINGS: dict[str, tuple[int, dict[str, Any]]] = {
    "talk": (82, {"state": State.ACCEPTED, "rendered_as": Rendering.HELD, "channel": Channel.VIDEO}),
    "not reached": (4, {"state": State.ACCEPTED, "rendered_as": Rendering.NO_SHOW}),
    "cancelled while it rang": (5, {"state": State.CANCELLED}),
    "left": (6, {"state": State.CANCELLED}),
    "unpaid": (3, {"state": State.CANCELLED}),
}
NEVER_CALLED = ("left", "unpaid")


class Command(BaseCommand):
    help = "Invent two months of requests to doctors that have ended. Once; only in the demo."

    @working(JOB)
    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Invented requests belong to the demo: DEMO is not set.")
        if Consultation.objects.filter(asked_by__email=ASKED_BY).exists():
            return
        now, chance = timezone.now(), Random(7)  # noqa: S311  the same past each time
        user = accounts.open_staff_account(email=ASKED_BY, name="Invented", is_administrator=False, by=None)
        User.objects.filter(pk=user.pk).update(is_active=False)
        therapist, paediatrician = (
            Doctor.objects.filter(takes_duty=True, speciality=kind)[0]
            for kind in (Speciality.THERAPIST, Speciality.PAEDIATRICIAN)
        )
        made = [
            a_request(user, paediatrician if number % 4 == 3 else therapist, policy, asked_at, chance)
            for number, (policy, asked_at) in enumerate(asked(now, chance))
        ]
        Consultation.objects.bulk_create(made)
        Attempt.objects.bulk_create(attempt for one in made for attempt in attempts_of(one))
        say_what_they_think([one for one in made if one.rendered_as == Rendering.HELD], user, now)


def asked(now: datetime, chance: Random) -> Iterator[tuple[Policy, datetime]]:
    """Whom and when, the oldest first."""
    policies = [policy for code in PROGRAMMES for policy in insured(code)]
    zone = policies[0].insurer.zone
    for ago in range(DAYS, 0, -1):
        day = now.astimezone(zone) - ago * DAY
        for hour in sorted(chance.choices(range(24), HOURS, k=chance.randint(12, 26))):
            yield chance.choice(policies), day.replace(hour=hour, minute=chance.randint(0, 59))


def insured(code: str) -> Iterator[Policy]:
    version = ProductVersion.objects.current().get(product__code=code)
    insurer = version.product.insurer
    for number in range(1, PATIENTS + 1):
        insured_id = f"{code}-{number:03}"
        policy = Policy.objects.create(
            insurer=insurer, product_version=version, insured_id=insured_id, insured_key=normalise_key(insured_id),
            contract_kind=ContractKind.INDIVIDUAL,
        )  # fmt: skip
        policy.insured = Person.objects.create(
            insurer=insurer, surname="Выдуманный", given_name=f"Пациент {number}", birth_date=date(1980, 1, 1)
        )
        Party.objects.create(policy=policy, person=policy.insured, role=Role.INSURED)
        yield policy


def a_request(user: User, doctor: Doctor, policy: Policy, asked_at: datetime, chance: Random) -> Consultation:
    """…as it ended, without the steps that led there."""
    (ending,) = chance.choices(list(ENDINGS), [weight for weight, _facts in ENDINGS.values()])
    called_at = asked_at + timedelta(seconds=chance.expovariate(1 / USUAL_WAIT))
    ended_at = called_at + chance.randint(6, 29) * MINUTE
    facts = {"asked_at": asked_at, "queued_at": asked_at, "ended_at": ended_at} | ENDINGS[ending][1]
    if ending not in NEVER_CALLED:
        facts |= {"called_at": called_at, "first_called_at": called_at, "doctor": doctor}
    if "rendered_as" in facts:
        facts["rendered_at"] = ended_at
    if ending == "talk":
        facts["began_at"] = called_at
    if ending == "unpaid" or chance.random() < 0.1:
        facts |= {"price": 5000, "payment_reference": "" if ending == "unpaid" else "Kaspi 117"}
    else:
        facts |= {"price": 0, "policy": policy}
    is_child = doctor.speciality == Speciality.PAEDIATRICIAN
    return Consultation(
        insurer=policy.insurer, patient=policy.insured, asked_by=user, language="ru", speciality=doctor.speciality,
        service=Service.DUTY_PAEDIATRICIAN if is_child else Service.DUTY_GP, currency=policy.insurer.currency,
        complaint="—", phone="+77010000000", **facts,
    )  # fmt: skip


def attempts_of(one: Consultation) -> Iterator[Attempt]:
    if one.rendered_as == Rendering.NO_SHOW and one.called_at:
        for number in range(1, ATTEMPTS + 1):
            yield Attempt(
                consultation=one, called_at=one.called_at, number=number, doctor=one.attending, means=Means.OWN_TELEPHONE,
                at=one.called_at + number * ATTEMPT_EVERY, result=AttemptResult.NO_ANSWER,
            )  # fmt: skip


def say_what_they_think(held: list[Consultation], user: User, now: datetime) -> None:
    """Every third is rated. One in seventy is claimed about: some claims are answered in time, some late, some not yet."""
    ended = {one.pk: one.ended_at or now for one in held}
    Rating.objects.bulk_create(
        Rating(consultation=one, stars=5 - place % 7 // 3, by=user, at=ended[one.pk])
        for place, one in enumerate(held[::3])
    )
    claims = QualityClaim.objects.bulk_create(
        QualityClaim(consultation=one, by=user, text="Врач торопился", at=min(ended[one.pk] + DAY, now))
        for one in held[::70]
    )
    due = [(claim, claim.at + (12 + 6 * (place % 4)) * DAY) for place, claim in enumerate(claims)]
    answers = ClaimAnswer.objects.bulk_create(
        ClaimAnswer(
            claim=claim, by=user, text="Мы поговорили с врачом.", at=at,
            verdict=Verdict.UPHELD if place % 3 == 0 else Verdict.REJECTED,
        )
        for place, (claim, at) in enumerate(due) if at < now
    )  # fmt: skip
    Consultation.objects.filter(claim__in=claims).update(state=State.DISPUTED)
    for verdict, state in ((Verdict.UPHELD, State.UPHELD), (Verdict.REJECTED, State.REJECTED)):
        judged = [answer.pk for answer in answers if answer.verdict == verdict]
        Consultation.objects.filter(claim__answer__in=judged).update(state=state)
