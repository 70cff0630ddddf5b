"""What doctors are, and by which means somebody talks to them."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from policies.rules import Service


class Speciality(TextChoices):
    THERAPIST = "therapist", _("general practitioner")
    PAEDIATRICIAN = "paediatrician", _("paediatrician")
    ALLERGIST = "allergist", _("allergist")
    CARDIOLOGIST = "cardiologist", _("cardiologist")
    DERMATOLOGIST = "dermatologist", _("dermatologist")
    ENDOCRINOLOGIST = "endocrinologist", _("endocrinologist")
    GASTROENTEROLOGIST = "gastroenterologist", _("gastroenterologist")
    GYNAECOLOGIST = "gynaecologist", _("gynaecologist")
    NEUROLOGIST = "neurologist", _("neurologist")
    OPHTHALMOLOGIST = "ophthalmologist", _("ophthalmologist")
    ORTHOPAEDIST = "orthopaedist", _("orthopaedist")
    OTOLARYNGOLOGIST = "otolaryngologist", _("ear, nose and throat doctor")
    PSYCHOLOGIST = "psychologist", _("psychologist")
    SURGEON = "surgeon", _("surgeon")
    UROLOGIST = "urologist", _("urologist")


ON_DUTY = {Service.DUTY_GP: Speciality.THERAPIST, Service.DUTY_PAEDIATRICIAN: Speciality.PAEDIATRICIAN}  # TM-05
GENERAL = (Speciality.THERAPIST, Speciality.PAEDIATRICIAN)  # whom the duty and the planned GP may be (TM-05, TM-06)


def booked_as(speciality: str) -> Service:
    """What a time of such a doctor is booked as (TM-06, TM-07)."""
    return Service.PLANNED_GP if speciality in GENERAL else Service.SPECIALIST


def services_of(speciality: str, *, takes_duty: bool, gives_second_opinions: bool) -> set[Service]:
    """For what such a doctor can be had."""
    on_duty = {service for service, one in ON_DUTY.items() if takes_duty and one == speciality}
    return {booked_as(speciality)} | on_duty | ({Service.SECOND_OPINION} if gives_second_opinions else set())


class Channel(TextChoices):
    """TM-34, and TM-01 for whoever has only a telephone."""

    VIDEO = "video", _("video")
    AUDIO = "audio", _("audio")
    CHAT = "chat", _("messages")
    TELEPHONE = "telephone", _("telephone")


class Outcome(TextChoices):
    """How the doctor closes a talk. Never a diagnosis (TM-17)."""

    ADVISED = "advised", _("recommendations given")
    IN_PERSON = "in_person", _("to be examined in person")
    OUT_OF_SCOPE = "out_of_scope", _("outside what can be judged at a distance")  # TM-12


def age_on(birth_date: date, today: date) -> int:
    """Whole years; who is born on 29 February is a year older on 1 March."""
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))
