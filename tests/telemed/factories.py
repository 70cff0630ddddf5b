"""Doctors and consultations. Everything has a default, so a test names only what it is about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import User
from policies.models import Insurer, Policy
from policies.queries import consent_texts, cover_for
from policies.rules import AccessKind, AccessScope, Rendering, Service
from policies.services.access import grant_access
from policies.services.consents import give_consents
from telemed.models import Consultation, Doctor, Hours, MedicalOrganisation
from telemed.rules import CONSENTS, GENERAL, Channel, Speciality, State
from telemed.rules.declared import Declared
from telemed.rules.slots import Span
from telemed.services.booking import Wish
from telemed.services.duty import go_on_duty
from tests.accounts.sms import PHONE
from tests.factories import TODAY, a_borrower, a_policy, a_policy_with_a_code, an_insurer

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)  # noon in Almaty
OF_A_TALK = (State.TALKING, State.TALKED, State.CONCLUDED, State.DISPUTED, State.UPHELD, State.REJECTED, State.ACCEPTED)


def an_organisation(insurer: Insurer | None = None, slug: str = "dariger") -> MedicalOrganisation:
    organisation, _created = MedicalOrganisation.objects.get_or_create(
        slug=slug,
        defaults={
            "names": {"kk": "«Дәрігер» медициналық орталығы", "ru": "Медицинский центр «Дәрігер»", "en": "Dariger Clinic"},
            "licence": "№ 21001234", "phone": "+77172000000",
        },
    )  # fmt: skip
    organisation.insurers.add(insurer or an_insurer())
    return organisation


def a_doctor(user: User | None, *, insurer: Insurer | None = None, slug: str = "temirbekova", **facts: Any) -> Doctor:
    """On duty by default. `facts` beat whatever stands here."""
    words = {"kk": "Қарағанды медицина университеті", "ru": "Карагандинский медицинский университет", "en": "Karaganda"}
    given: dict[str, Any] = {
        "surname": "Темирбекова", "given_name": "Оксана", "patronymic": "Павловна",
        "speciality": Speciality.THERAPIST, "takes_duty": True, "languages": ["ru", "kk"], "practises_since": 2015,
        "education": words, "qualification": words, "certificate": words,
    } | facts  # fmt: skip
    if "organisation" not in given:
        given["organisation"] = an_organisation(insurer)
    return Doctor.objects.create(user=user, slug=slug, **given)


def a_specialist(user: User | None, **facts: Any) -> Doctor:
    given: dict[str, Any] = {"slug": "ospanov", "surname": "Оспанов", "given_name": "Ерлан", "patronymic": "Болатович"}
    return a_doctor(user, **(given | {"speciality": Speciality.CARDIOLOGIST, "takes_duty": False} | facts))


def a_patient(user: User, policy: Policy | None = None) -> Policy:
    """This account sees the policy's insured person in full from now on, and there are doctors to ask for them."""
    policy = policy or a_policy()
    duty_doctors(policy.insurer)
    grant_access(
        user=user, person=policy.insured, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="contract_number",
        by=user, now=NOW,
    )  # fmt: skip
    return policy


def a_consultation(user: User, policy: Policy, state: State = State.WAITING, **facts: Any) -> Consultation:
    """Urgent by default, and as far as `state` says; without the steps that led there."""
    given: dict[str, Any] = {
        "insurer": policy.insurer, "patient": policy.insured, "policy": policy, "asked_by": user, "language": "ru",
        "service": Service.DUTY_GP, "speciality": Speciality.THERAPIST, "state": state, "price": 0,
        "currency": policy.insurer.currency, "complaint": "Третий день болит горло", "phone": "+77012345678",
        "asked_at": NOW, "queued_at": NOW,
    }  # fmt: skip
    if state in OF_A_TALK:
        given |= {"channel": Channel.VIDEO, "began_at": NOW}
    if facts.get("rendered_at"):
        given["rendered_as"] = Rendering.HELD
    return Consultation.objects.create(**(given | facts))


def a_booking(user: User, policy: Policy, doctor: Doctor, starts_at: datetime, **facts: Any) -> Consultation:
    given: dict[str, Any] = {
        "doctor": doctor, "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=30), "queued_at": None,
        "service": Service.SPECIALIST, "speciality": doctor.speciality,
    }  # fmt: skip
    return a_consultation(user, policy, **({"state": State.BOOKED} | given | facts))


def duty_doctors(insurer: Insurer) -> None:
    """One of each kind at an organisation of this insurer alone, so that whoever asks can hope for somebody."""
    organisation = an_organisation(insurer, f"duty-{insurer.slug}")
    for speciality in GENERAL:
        slug = f"{organisation.slug}-{speciality}"
        user, is_new = User.objects.get_or_create(email=f"{slug}@example.kz", defaults={"is_staff": True})
        if is_new:
            a_doctor(user, organisation=organisation, slug=slug, speciality=speciality)


def a_covered_patient(user: User, policy: Policy | None = None, *, phone: str = PHONE) -> Policy:
    """Nothing is owed and nothing is to be paid: a borrower of Nomad Life with both consents and a proved number."""
    policy = a_patient(user, policy or a_borrower(given_name="Айгуль", surname="Садыкова"))
    consents(user, policy)
    User.objects.filter(pk=user.pk).update(phone=phone)
    user.refresh_from_db()
    return policy


def with_relatives(user: User, *, starts_on: date = TODAY, **of_person: Any) -> Policy:
    """…or by «Личный врач» of Kazakhinstrakh, which is for close ones too (KIH-20)."""
    policy, _code = a_policy_with_a_code(**of_person)
    policy.cover_starts_on, policy.cover_ends_on = starts_on, starts_on + timedelta(days=364)
    policy.save()
    return a_covered_patient(user, policy)


def consents(user: User, policy: Policy) -> None:
    texts = consent_texts(policy.insurer, CONSENTS)
    give_consents(user=user, texts=texts, person=policy.insured, language="ru", now=NOW)


def on_duty(user: User, *, insurer: Insurer | None = None, slug: str = "temirbekova", **facts: Any) -> Doctor:
    doctor = a_doctor(user, insurer=insurer, slug=slug, **facts)
    go_on_duty(doctor=doctor, now=NOW - timedelta(hours=1))
    return doctor


def open_hours(doctor: Doctor, **facts: Any) -> None:
    """Monday to Friday, 9:00 to 17:00 with a break at 13:00."""
    given = {
        "opens": 9 * 60, "closes": 17 * 60, "break_from": 13 * 60, "break_until": 14 * 60, "since": date(2026, 1, 1),
        "services": [Service.PLANNED_GP, Service.SPECIALIST, Service.SECOND_OPINION],
    } | facts  # fmt: skip
    Hours.objects.bulk_create(Hours(doctor=doctor, weekday=weekday, **given) for weekday in range(5))


def slot_of(starts_at: datetime, minutes: int = 30) -> Span:
    begins = int(starts_at.timestamp())
    return begins, begins + minutes * 60


def a_wish(user: User, policy: Policy, doctor: Doctor, starts_at: datetime, **told: Any) -> Wish:
    """For the insured person, with whatever cover the policy gives at NOW."""
    declared = Declared(**({"diagnoses": "", "allergies": "", "contraindications": "", "language": "ru"} | {
        "complaint": "Третий день болит голова"} | told
    ))  # fmt: skip
    person = policy.insured
    cover = cover_for(person, service=Service.SPECIALIST, now=NOW)
    return Wish(doctor, slot_of(starts_at), person, cover, declared, user)
