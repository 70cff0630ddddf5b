"""Somebody finds a doctor before they have signed in (TM-11), on a telephone, and books that one (TM-29)."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from telemed.models import Consultation, Doctor
from telemed.rules import State
from tests.journeys.conftest import Come
from tests.journeys.judge import overhang, stumbles, violations
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import PASSWORD, aigul, oksana, yerlan
from tests.telemed.factories import a_covered_patient, a_doctor, a_specialist, open_hours

NEW_EACH_TIME = {
    "Cache-Control": "no-cache"
}  # browsers of other stories keep these pages for five minutes, as they may


def is_sound(visitor: Visitor) -> Visitor:
    assert (violations(visitor.page), overhang(visitor.page)) == ("", 0)
    return visitor


def a_cardiologist_beside_a_gp(language: str) -> Doctor:
    """Both with hours; Aigul is covered and owes nothing."""
    user = aigul()
    User.objects.filter(pk=user.pk).update(language=language)
    insurer = a_covered_patient(user).insurer
    cardiologist = a_specialist(yerlan(), insurer=insurer)
    for doctor in (cardiologist, a_doctor(oksana(), insurer=insurer)):
        open_hours(doctor)
    return cardiologist


def test_a_visitor_reads_who_consults_and_books_that_doctor(come: Come, language: str) -> None:
    # Given two doctors, and somebody who has not signed in
    doctor = a_cardiologist_beside_a_gp(language)
    visitor = come(extra_http_headers=NEW_EACH_TIME).opens("/doctors/").is_at("Doctors")
    # When they narrow the list to cardiologists, one is left, with the next free time by a clock that has a name
    is_sound(visitor).follows_text(says("cardiologist"))
    is_sound(visitor).reads_text(doctor.full_name).reads_text(f"({says('Astana time')})")
    expect(visitor.main.get_by_role("link", name="Темирбекова")).to_have_count(0)
    # Then the doctor's own page says what is to be known, and nobody was given a cookie for reading it
    is_sound(visitor.follows_text(doctor.full_name)).reads("Education").reads_text("09:00")
    assert stumbles(visitor.page) == []
    assert visitor.context.cookies() == []
    # When they book, they sign in first, and stand before that doctor's times
    visitor.follows("Book an appointment").is_at("Sign in")
    visitor.types("aigul@example.kz", into="E-mail or mobile number").types(PASSWORD, into="Password").presses(
        "Sign in"
    )
    is_sound(visitor.is_at("When does it suit you?")).reads_text(doctor.full_name).main.get_by_label("11:00").check()
    visitor.presses("Continue").types("Третий день болит голова", into="What troubles you?")
    visitor.main.get_by_role("button", name="11:00").click()
    visitor.is_at("The talk is booked")
    assert (Consultation.objects.get().doctor, Consultation.objects.get().state) == (doctor, State.BOOKED)


@pytest.mark.long
def test_the_same_page_is_read_in_another_language_and_a_withdrawn_doctor_leads_back(come: Come, language: str) -> None:
    doctor = a_cardiologist_beside_a_gp(language)
    visitor = come(extra_http_headers=NEW_EACH_TIME).opens(f"/{language}/doctors/{doctor.slug}/")
    # Without a form and without a script: each language is an address
    other = {"ru": "kk", "kk": "ru"}[language]
    for chosen in (other, language):
        visitor.page.locator(f".langs a[lang={chosen}]").click()
        expect(visitor.page.locator("html")).to_have_attribute("lang", chosen)
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text(doctor.full_name)
    # When the doctor is withdrawn the page says so, and leads to the others
    Doctor.objects.filter(pk=doctor.pk).update(is_active=False)
    visitor.page.reload()
    is_sound(visitor.is_at("There is no such doctor here")).follows("All doctors").is_at("Doctors")
    visitor.reads_text("Темирбекова").does_not_read("cardiologist")
