"""Medical organisations and their doctors come from data files, as insurers and products do (adr/0008)."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts import services as accounts
from accounts.models import User
from core.hours import OpeningHours
from core.languages import OWN_NAMES
from policies.models import Insurer
from policies.rules import Service
from telemed.models import Doctor, Hours, MedicalOrganisation
from telemed.rules import booked_as


@transaction.atomic
def publish_doctors(*, path: Path, now: datetime) -> list[Doctor]:
    """Bring one organisation and its doctors up to date. Who is no longer named works there no more; hours are set once, for
    afterwards the doctor keeps them.

    Raise KeyError or ValueError, and publish nothing, where the file lacks a fact or cannot be read.
    """
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    doctors, insurers = data.pop("doctors"), data.pop("insurers")
    organisation, _ = MedicalOrganisation.objects.update_or_create(slug=data.pop("slug"), defaults=data)
    organisation.insurers.set(Insurer.objects.filter(slug__in=insurers))
    today = now.astimezone(organisation.zone).date()
    published = [_publish(organisation, facts, today) for facts in doctors]
    organisation.doctors.exclude(pk__in=[doctor.pk for doctor in published]).update(is_active=False)
    return published


def _publish(organisation: MedicalOrganisation, facts: dict[str, Any], today: date) -> Doctor:
    _demand(facts)
    hours, email = facts.pop("hours", {}), facts.pop("email")
    user = _account(email, f"{facts['surname']} {facts['given_name']}")
    doctor, created = Doctor.objects.update_or_create(
        slug=facts.pop("slug"), defaults=facts | {"organisation": organisation, "user": user, "is_active": True}
    )
    if created:
        Hours.objects.bulk_create(_hours(doctor, OpeningHours.parse(hours), today))
    return doctor


def _demand(facts: dict[str, Any]) -> None:
    """NL-2.8, TM-11: what a doctor must have, anybody may read. Consultations are in the portal's languages."""
    if missing := [name for name in ("education", "qualification", "certificate") if not facts[name].get("ru")]:
        raise ValueError(f"{facts['slug']} has no {', '.join(missing)}")
    if unknown := set(facts["languages"]) - set(OWN_NAMES):
        raise ValueError(f"{facts['slug']} speaks {', '.join(sorted(unknown))}, which nobody here is asked about")


def _account(email: str, name: str) -> User:
    """A colleague's: signs in with the second factor, by a link of `staff_link` the first time."""
    known = User.objects.filter(email=email.lower(), is_staff=True).first()
    return known or accounts.open_staff_account(email=email, name=name, is_administrator=False, by=None)


def _hours(doctor: Doctor, opening: OpeningHours, today: date) -> list[Hours]:
    services = [booked_as(doctor.speciality)]
    if doctor.gives_second_opinions:
        services.append(Service.SECOND_OPINION)
    return [
        Hours(doctor=doctor, weekday=weekday, opens=opens, closes=closes, services=services, since=today)
        for weekday, spans in enumerate(opening.week)
        for opens, closes in spans
    ]
