"""Organisations and doctors for anybody (TM-11): what stands there, when they are free, and who is not there."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from pytest_django.fixtures import Settings as SettingsWrapper

from telemed.models import Absence, Doctor, Hours, MedicalOrganisation
from telemed.queries.public import PAGE
from tests.factories import another_insurer
from tests.people import a_person, yerlan
from tests.queries import statements
from tests.telemed.factories import NOW, a_specialist, an_organisation, open_hours
from tests.telemed.public import CARDIOLOGIST, DARIGER, DOCTORS, NOBODY, ORGANISATIONS, many, text, the_demos_doctors

pytestmark = pytest.mark.django_db
NSK, OTHER = {"host": "nsk.localhost"}, {"host": "other.test"}


@pytest.fixture(autouse=True)
def at_noon(settings: SettingsWrapper) -> Iterator[None]:
    """Of Saturday, 21 November; at any host, of a portal that names no number of its own."""
    settings.ALLOWED_HOSTS, settings.PORTAL_BRAND = ["*"], settings.PORTAL_BRAND | {"phone": ""}
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def demo() -> None:
    the_demos_doctors()


# ── What stands there ────────────────────────────────────────────────────────
@pytest.mark.usefixtures("demo")
def test_anybody_reads_what_tm_11_names_of_a_doctor() -> None:
    told = text(CARDIOLOGIST)
    for fact in (
        "Оспанов Ерлан Болатович", "Cardiologist", "Kazakh National Medical University", "Highest category, PhD",
        "Cardiology, until 2031", "2004", "Dariger medical centre", "Head of the cardiology department",
        "русский, қазақша, English",
    ):  # fmt: skip
        assert fact in told
    assert "Next free time:" in told
    assert "Saturday, 21 November, 12:30" in told
    assert "(Astana time)" in told
    assert "Gives second opinions" in told
    assert 'href="/doctor/booking/with/ospanov/"' in told
    assert "Get a consultation" not in told  # a cardiologist takes no duty


@pytest.mark.usefixtures("demo")
def test_a_duty_doctor_is_asked_at_once() -> None:
    assert 'href="/doctor/request/"' in text("/en/doctors/temirbekova/")


@pytest.mark.usefixtures("demo")
def test_anybody_reads_of_an_organisation_and_its_doctors() -> None:
    listed = text(ORGANISATIONS)
    assert f'href="{DARIGER}"' in listed
    assert "1 Example Street, Astana. 3 doctors" in listed
    told = text(DARIGER)
    for fact in ("№ 00000000 (demo)", "1 Example Street, Astana", "tel:+77172000000", "NSK", CARDIOLOGIST):
        assert fact in told


@pytest.mark.usefixtures("demo")
def test_the_list_leads_to_each_doctor_with_their_next_time() -> None:
    told = text(DOCTORS)
    assert [told.count(f'href="/en/doctors/{slug}/"') for slug in ("temirbekova", "seitkali", "ospanov")] == [1, 1, 1]
    assert told.count("Monday, 23 November, 09:00") == 2
    assert told.count("Saturday, 21 November, 12:30") == 1


def test_a_doctor_of_two_organisations_is_shown_at_both() -> None:
    user = yerlan()
    a_specialist(user)
    other = an_organisation(slug="second")
    a_specialist(user, slug="ospanov-2", organisation=other)
    assert 'href="/en/doctors/ospanov-2/"' in text(CARDIOLOGIST)
    assert 'href="/en/doctors/ospanov/"' in text("/en/doctors/ospanov-2/")
    Doctor.objects.filter(slug="ospanov-2").update(is_active=False)
    assert "ospanov-2" not in text(CARDIOLOGIST)


def test_nobody_there_is_said_and_whom_to_call() -> None:
    assert "No doctor here now" in text(DOCTORS)
    assert "No organisation here now" in text(ORGANISATIONS)
    assert "Call the number on your card or in your contract." in text(DOCTORS)


# ── When ─────────────────────────────────────────────────────────────────────
def in_moscow() -> Doctor:
    """Of an organisation whose clock is two hours behind Astana's."""
    organisation = an_organisation()
    organisation.time_zone = "Europe/Moscow"
    organisation.save()
    doctor = a_specialist(yerlan())
    open_hours(doctor)
    return doctor


def test_the_time_is_said_by_the_organisations_clock_and_at_an_insurers_host_by_the_insurers() -> None:
    in_moscow()
    assert "Monday, 23 November, 09:00</time>" in (told := text(CARDIOLOGIST))
    assert "(Moscow time)" in told
    assert "Monday, 23 November, 11:00</time>" in (told := text(CARDIOLOGIST, headers=NSK))
    assert "(Astana time)" in told


def test_a_doctor_without_a_time_or_without_an_account_offers_none() -> None:
    doctor = a_specialist(yerlan())
    assert "No free time within a month" in text(CARDIOLOGIST)
    open_hours(doctor)
    assert "No free time within a month" not in text(CARDIOLOGIST)
    Absence.objects.create(doctor=doctor, starts_at=NOW, ends_at=datetime(2027, 3, 1, tzinfo=UTC))
    assert "No free time within a month" in text(CARDIOLOGIST)
    Absence.objects.all().delete()
    Doctor.objects.update(user=None)  # shown before an account is opened, and nobody would come to the talk
    assert "No free time within a month" in text(CARDIOLOGIST)
    assert "/doctor/booking/with/" not in text(CARDIOLOGIST)


# ── Who is not there ─────────────────────────────────────────────────────────
def alike(path: str, **options: Any) -> str:
    """Of a page that is not there, without its own address."""
    return text(path, 404, **options).replace(path.removeprefix("/en"), "")


@pytest.mark.usefixtures("demo")
def test_a_withdrawn_doctor_is_gone_as_if_they_had_never_been() -> None:
    Doctor.objects.filter(slug="ospanov").update(is_active=False)
    told = alike(CARDIOLOGIST)
    assert told == alike(NOBODY)
    assert f'href="{DOCTORS}"' in told  # the way back
    assert "Оспанов" not in told + text(DOCTORS) + text(DARIGER)
    assert "ospanov" not in text("/sitemap.xml")
    assert "2 doctors" in text(ORGANISATIONS)


@pytest.mark.usefixtures("demo")
def test_an_organisation_that_serves_no_insurer_is_gone_with_its_doctors() -> None:
    MedicalOrganisation.objects.get().insurers.clear()
    assert alike(DARIGER) == alike("/en/medical-organisations/nobody/")
    assert alike(CARDIOLOGIST) == alike(NOBODY)
    assert "Оспанов" not in text(DOCTORS)
    assert "dariger" not in text(ORGANISATIONS) + text("/sitemap.xml")


@pytest.mark.usefixtures("demo")
def test_an_insurers_host_speaks_of_its_own_organisations_alone() -> None:
    hidden = a_specialist(
        a_person("hers@example.kz"), slug="hers", organisation=an_organisation(another_insurer(), "hers")
    )
    assert hidden.get_absolute_url().endswith("/doctors/hers/")
    for address in ("/en/doctors/hers/", "/en/medical-organisations/hers/"):
        assert text(address)
        assert text(address, headers=OTHER)
        assert alike(address, headers=NSK) == alike(address.replace("hers", "nobody"), headers=NSK)
    assert "hers" not in text(DOCTORS, headers=NSK) + text(ORGANISATIONS, headers=NSK) + text(
        "/sitemap.xml", headers=NSK
    )
    assert "ospanov" not in text(DOCTORS, headers=OTHER) + text("/sitemap.xml", headers=OTHER)
    an_organisation(another_insurer(), "dariger")  # serves both: no word of the one at the other's
    assert "NSK, Другой" in text(DARIGER)
    assert "Другой" not in text(DARIGER, headers=NSK)


# ── Narrowing the list ───────────────────────────────────────────────────────
def shown(told: str) -> list[str]:
    return re.findall(r'href="/en/doctors/([\w-]+)/"', told.partition('<ul class="list">')[2].partition("</ul>")[0])


@pytest.mark.usefixtures("demo")
def test_the_list_is_narrowed_by_speciality_and_by_language() -> None:
    told = text(DOCTORS)
    assert f'href="{DOCTORS}?speciality=cardiologist">cardiologist: 1' in told
    assert f'href="{DOCTORS}?language=kk">қазақша: 3' in told
    assert shown(text(f"{DOCTORS}?speciality=cardiologist")) == ["ospanov"]
    assert shown(text(f"{DOCTORS}?language=en")) == ["ospanov"]
    told = text(f"{DOCTORS}?speciality=therapist&language=en")
    assert "No doctor here now" in told
    assert f'href="{DOCTORS}?language=en" aria-current="page"' not in told
    assert f'href="{DOCTORS}?speciality=therapist">Any language: 1' in told
    assert "<title>Doctors: general practitioner" in text(f"{DOCTORS}?speciality=therapist")


def test_a_long_list_has_pages_and_each_doctor_stands_on_one() -> None:
    many(2 * PAGE + 1)
    pages = [shown(text(f"{DOCTORS}?page={number}")) for number in (1, 2, 3)]
    assert [len(found) for found in pages] == [PAGE, PAGE, 1]
    assert {slug for found in pages for slug in found} == {f"doctor-{n}" for n in range(2 * PAGE + 1)}
    assert f'href="{DOCTORS}?page=2"' in text(DOCTORS)
    middle = text(f"{DARIGER}?page=2")
    assert f'href="{DARIGER}"' in middle
    assert f'href="{DARIGER}?page=3"' in middle
    assert pages[2] == shown(text(f"{DOCTORS}?page=99"))  # past the end is the end
    assert 'rel="canonical" href="http://testserver/en/doctors/?page=3"' in text(f"{DOCTORS}?page=99")


# ── What it costs ────────────────────────────────────────────────────────────
def test_the_price_in_statements_does_not_grow_with_the_doctors() -> None:
    many(1)
    with statements() as one:
        text(DOCTORS)
    Hours.objects.all().delete()
    Doctor.objects.all().delete()
    many(PAGE + 5)
    with statements() as more:
        text(DOCTORS)
    assert len(one) == len(more) <= 5, (
        more
    )  # the host's insurer; who is there, and those of the page; their hours, what is busy
    with statements() as of_one:
        text("/en/doctors/doctor-3/")
    assert len(of_one) <= 5, of_one
    with statements() as of_organisation:
        text(DARIGER)
    assert len(of_organisation) <= 7, of_organisation


@pytest.mark.usefixtures("demo")
def test_general_practitioners_beside_specialists_cost_two_statements_more() -> None:
    with statements() as made:
        text(DOCTORS)
    assert len(made) <= 7, made
