"""What an account sees by its rights (core.rows.sights): as which doctors it consults, for which insurers it works."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from core.rows.sights import Sight
from policies.queries.staff import insurers_of_staff
from telemed.models import Doctor
from telemed.queries.coordinators import ANSWERING, COORDINATING


def doctors(user: int, now: datetime) -> QuerySet[Any, Any]:
    return Doctor.objects.filter(user=user, is_active=True).values("pk")


def insurers_answered_for(user: int, now: datetime) -> QuerySet[Any, Any]:
    return insurers_of_staff(user, ANSWERING).values("pk")


def insurers_coordinated(user: int, now: datetime) -> QuerySet[Any, Any]:
    return insurers_of_staff(user, COORDINATING).values("pk")


OURS = {
    "consults_as": Sight(doctors, of_staff=True),
    "answers_for": Sight(insurers_answered_for, of_staff=True),
    "coordinates": Sight(insurers_coordinated, of_staff=True),
}
