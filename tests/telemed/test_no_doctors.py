"""Where an insurer has no duty doctor nobody is let into a queue at whose end there is no one (TM-03, TM-05)."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.fixtures import Settings as SettingsWrapper

from accounts.models import User
from policies.models import Policy
from policies.rules import AccessKind, AccessScope, Service
from policies.services.access import grant_access
from telemed.models import Consultation, Doctor, MedicalOrganisation
from telemed.queries import patients
from telemed.queries.files import unsent_files
from telemed.queries.patients import patients_of
from telemed.rules import Speciality
from telemed.services.request import NotToBeHad, Told, ask_duty_doctor
from tests.factories import a_borrower
from tests.forms import sends
from tests.people import aigul, insured_browser, yerlan
from tests.telemed.factories import NOW, a_covered_patient, a_specialist, consents, open_hours, with_relatives

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOME, REQUEST = "/doctor/", "/doctor/request/"
NOBODY = "Your insurer has no medical organisation with a duty doctor yet"


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_covered_patient(user)


@pytest.fixture
def hers(user: User, policy: Policy) -> Client:
    User.objects.filter(pk=user.pk).update(language="en")
    return insured_browser(user)


def withdraw(*specialities: Speciality) -> None:
    Doctor.objects.filter(speciality__in=specialities).update(is_active=False)


def answers(user: User) -> dict[str, str]:
    (patient,) = patients_of(user, now=NOW)
    return {"whom": patient.choices[0].key, "complaint": "Третий день болит горло", "language": "ru"}


# ── The section and the form ─────────────────────────────────────────────────
def test_the_section_says_so_with_the_number_to_call_and_offers_no_queue(
    hers: Client, settings: SettingsWrapper
) -> None:
    settings.PORTAL_BRAND = settings.PORTAL_BRAND | {"phone": ""}
    assert f'href="{REQUEST}"' in hers.get(HOME).text
    withdraw(Speciality.THERAPIST)
    page = hers.get(HOME).text
    assert NOBODY in page
    assert "Call the number on your card or in your contract." in page  # Nomad Life's file names none
    assert f'href="{REQUEST}"' not in page
    assert hers.get(REQUEST).headers["Location"] == HOME


def test_a_form_that_was_open_before_is_refused(user: User, hers: Client) -> None:
    typed = answers(user)
    withdraw(Speciality.THERAPIST)
    assert sends(hers, REQUEST, typed).headers["Location"] == HOME
    assert not Consultation.objects.exists()


def test_without_the_guard_the_patient_would_wait_for_nobody(
    user: User, hers: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw(Speciality.THERAPIST)
    monkeypatch.setattr(patients, "_served_at", lambda insurers: dict.fromkeys(insurers, frozenset(Service)))
    assert sends(hers, REQUEST, answers(user)).status_code == 302
    assert Consultation.objects.queue().count() == 1


@pytest.mark.parametrize(
    "withdrawn",
    [
        lambda: MedicalOrganisation.objects.get().insurers.clear(),
        lambda: Doctor.objects.update(takes_duty=False),
        lambda: Doctor.objects.update(user=None),
        lambda: User.objects.filter(is_staff=True).update(is_active=False),
    ],
)
def test_a_doctor_who_could_not_take_anybody_is_none(hers: Client, withdrawn: object) -> None:
    withdrawn()  # type: ignore[operator]
    assert hers.get(REQUEST).headers["Location"] == HOME
    assert NOBODY in hers.get(HOME).text


# ── For whom there is which doctor ───────────────────────────────────────────
def test_a_child_waits_for_no_paediatrician_where_there_is_none(user: User, hers: Client, policy: Policy) -> None:
    child = a_borrower("NL-0000042", given_name="Бала", surname="Садыкова", birth_date=date(2019, 3, 14))
    grant_access(
        user=user, person=child.insured, kind=AccessKind.GUARDIAN, scope=AccessScope.FULL, proof="document", by=user,
        now=NOW,
    )  # fmt: skip
    consents(user, child)
    assert "Бала С." in hers.get(REQUEST).text
    withdraw(Speciality.PAEDIATRICIAN)
    page = hers.get(REQUEST).text
    assert "Айгуль С." in page
    assert f"{child.insured.public_id}" not in page


def test_somebody_close_of_an_age_for_which_there_is_nobody_is_refused_in_words(user: User) -> None:
    with_relatives(user)
    User.objects.filter(pk=user.pk).update(language="en")
    withdraw(Speciality.PAEDIATRICIAN)
    (patient,) = patients_of(user, now=NOW)
    born = {"close_one": "Бала", "close_one_born_0": "14", "close_one_born_1": "03", "close_one_born_2": "2019"}
    typed = {"whom": patient.choices[1].key, "complaint": "Кашель", "language": "ru"} | born
    answer = sends(insured_browser(user), REQUEST, typed)
    assert "This programme has no duty doctor for this age. Call us" in answer.content.decode()
    assert not Consultation.objects.exists()


def test_the_service_itself_refuses(user: User, policy: Policy) -> None:
    """Whichever page calls it."""
    (patient,) = patients_of(user, now=NOW)
    choice = patient.choices[0]
    withdraw(Speciality.THERAPIST)
    (now_unserved,) = patients_of(user, now=NOW)
    told = Told(complaint="Кашель", diagnoses="", allergies="", contraindications="", language="ru")
    with pytest.raises(NotToBeHad):
        ask_duty_doctor(
            user=user, choice=type(choice)(now_unserved, False), close_one="", born=None, told=told,
            files=unsent_files(user, now_unserved.person), now=NOW,
        )  # fmt: skip
    assert not Consultation.objects.exists()


# ── Bookings ─────────────────────────────────────────────────────────────────
def test_who_can_be_booked_is_offered_still(hers: Client, policy: Policy) -> None:
    withdraw(*Speciality)
    assert 'href="/doctor/booking/"' not in hers.get(HOME).text
    open_hours(a_specialist(yerlan(), insurer=policy.insurer))
    assert 'href="/doctor/booking/"' in hers.get(HOME).text


def test_a_page_without_times_sends_nobody_to_a_duty_doctor_who_is_not_there(hers: Client, policy: Policy) -> None:
    page = f"/doctor/booking/{policy.insured.public_id}/specialist/"
    assert "The duty doctor is there around the clock." in hers.get(page).text
    withdraw(*Speciality)
    assert "The duty doctor is there around the clock." not in hers.get(page).text
    assert "Call us, and we will say what is possible." in hers.get(page).text


def test_kih_17_where_the_duty_doctor_sets_the_hour_and_there_is_none_the_page_says_so(user: User) -> None:
    policy = with_relatives(user)
    User.objects.filter(pk=user.pk).update(language="en")
    page = f"/doctor/booking/{policy.insured.public_id}/specialist/"
    browser = insured_browser(user)
    assert f'href="{REQUEST}"' in browser.get(page).text
    withdraw(*Speciality)
    answer = browser.get(page).text
    assert f'href="{REQUEST}"' not in answer
    assert NOBODY in answer
