"""The least that Django does for a booking: one view, the ORM, the same rows.

It knows no session (the patient stands in a header), no consents, no form and its errors, no language, no CSRF token, no page
for whom the time was taken from.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone

from core.rows.viewers import working
from core.rows.walls import HOUSE
from notices.models import Notice
from policies.models import Access
from policies.queries import cover_for
from policies.rules import Service
from telemed.models import Absence, Consultation, ConsultationStep, Doctor
from telemed.rules import Event, State


def appointment(request: HttpRequest, person: UUID) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse()
    now, told = timezone.now(), request.POST
    accesses = Access.objects.current(now=now).filter(user__email=request.headers["X-Patient"], scope="full")
    access = accesses.select_related("user", "person__insurer").get(person__public_id=person)
    cover = cover_for(access.person, service=Service.SPECIALIST, now=now)
    slug, seconds = told["slot"].split(".")
    starts_at = datetime.fromtimestamp(int(seconds), UTC)
    ends_at = starts_at + timedelta(minutes=30)
    doctor = Doctor.objects.select_related("organisation").get(slug=slug, is_active=True)
    if not is_open(doctor, starts_at, ends_at):
        return HttpResponse(status=403)
    consultation = Consultation(
        insurer=access.person.insurer, patient=access.person, policy_id=cover.policy, asked_by=access.user,
        language=told["language"], service=Service.SPECIALIST, speciality=doctor.speciality, state=State.BOOKED,
        price=0, currency="KZT", complaint=told["complaint"], phone=str(access.user.phone), doctor=doctor,
        consultant_id=doctor.user_id, starts_at=starts_at, ends_at=ends_at, asked_at=now,
    )  # fmt: skip
    with working(HOUSE), transaction.atomic():  # the wall is told who looks, once
        # Two plain INSERTs would each wait for the other's commit: a deadlock that costs a second.
        Consultation.objects.bulk_create([consultation], ignore_conflicts=True)
        consultation.pk = (
            Consultation.objects.filter(public_id=consultation.public_id).values_list("pk", flat=True).first()
        )
        if not consultation.pk:
            return HttpResponse(status=409)
        ConsultationStep.objects.create(consultation=consultation, kind=Event.BOOK, at=now, by=access.user)
        Notice.objects.bulk_create(messages(consultation))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('live', %s)", [str(consultation.public_id)])
    return HttpResponseRedirect(f"/doctor/consultations/{consultation.public_id}/")


def is_open(doctor: Doctor, starts_at: datetime, ends_at: datetime) -> bool:
    here = starts_at.astimezone(doctor.organisation.zone)
    minute = here.hour * 60 + here.minute
    hours = doctor.hours.filter(weekday=here.weekday(), opens__lte=minute, closes__gt=minute)
    away = Absence.objects.filter(doctor=doctor, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return hours.exists() and not away.exists()


def messages(consultation: Consultation) -> list[Notice]:
    facts = {
        "starts_at": f"{consultation.starts_at}",
        "url": "https://example.kz/doctor/",
        "brand": {"name": "Страховщик"},
    }
    return [
        Notice(
            kind=kind, channel=channel, to=to, language="ru", context=facts, scope="nomad-life",
            once=f"{kind}:{channel}:{consultation.public_id}",
        )
        for kind, channel, to in (
            ("consultation_booked", "sms", consultation.phone),
            ("consultation_booked", "email", consultation.asked_by.email),
            ("consultation_tomorrow", "sms", consultation.phone),
            ("consultation_soon", "sms", consultation.phone),
        )
    ]  # fmt: skip


urlpatterns = [path("doctor/booking/<uuid:person>/specialist/appointment/", appointment)]
