"""From a doctor's public page to a time of that doctor (TM-29): signed in, for whom, and where it cannot be."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from policies.models import Insurer
from telemed.models import Doctor
from tests.factories import a_borrower, an_insurer
from tests.people import dana, insured_browser, oksana, yerlan
from tests.telemed.factories import NOW, a_covered_patient, a_doctor, a_specialist, open_hours

pytestmark = pytest.mark.django_db
WITH_OSPANOV = "/doctor/booking/with/ospanov/"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_visitor_signs_in_first_and_comes_back() -> None:
    assert Client().get(WITH_OSPANOV).headers["Location"] == f"/accounts/login/?next={WITH_OSPANOV}"


def test_whoever_has_one_person_is_led_to_that_doctors_times() -> None:
    user = dana()
    policy = a_covered_patient(user)
    open_hours(a_specialist(yerlan(), insurer=policy.insurer))
    hers = insured_browser(user)
    times = f"/doctor/booking/{policy.insured.public_id}/specialist/cardiologist/ospanov/"
    assert hers.get(WITH_OSPANOV).headers["Location"] == times
    assert hers.get(times).status_code == 200
    assert hers.post(WITH_OSPANOV).status_code == 405


def test_whoever_has_several_says_for_whom() -> None:
    user = dana(language="en")
    first = a_covered_patient(user)
    second = a_covered_patient(user, a_borrower("NL-0000042", given_name="Бала", surname="Садыкова"))
    a_specialist(yerlan(), insurer=first.insurer)
    told = insured_browser(user).get(WITH_OSPANOV).text
    for policy in (first, second):
        assert f"/doctor/booking/{policy.insured.public_id}/specialist/cardiologist/ospanov/" in told


def test_a_doctor_of_another_insurer_or_withdrawn_cannot_be_booked_and_another_can() -> None:
    user = dana(language="en")
    policy = a_covered_patient(user)
    doctor = a_specialist(yerlan(), insurer=an_insurer())
    cannot = "This doctor cannot be booked by your policies"
    hers = insured_browser(user)
    assert cannot in hers.get(WITH_OSPANOV).text
    doctor.organisation.insurers.add(policy.insurer)
    assert hers.get(WITH_OSPANOV).status_code == 302
    Doctor.objects.filter(pk=doctor.pk).update(is_active=False)
    told = hers.get(WITH_OSPANOV).text
    assert cannot in told
    assert "Оспанов" not in told


def test_a_doctor_of_nobodys_price_is_not_offered() -> None:
    user = dana(language="en")
    a_covered_patient(user)
    a_specialist(yerlan(), insurer=Insurer.objects.get(slug="nomad-life"))
    Insurer.objects.update(price_list={})
    with time_machine.travel(datetime(2030, 1, 1, tzinfo=UTC), tick=False):  # the cover has ended
        assert "cannot be booked" in insured_browser(user).get(WITH_OSPANOV).text


def test_a_general_practitioner_is_booked_as_one() -> None:
    user = dana()
    policy = a_covered_patient(user)
    a_doctor(oksana(), insurer=policy.insurer)
    assert "/planned_gp/therapist/temirbekova/" in insured_browser(user).get("/doctor/booking/with/temirbekova/").url
