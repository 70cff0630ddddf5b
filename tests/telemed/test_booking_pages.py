"""The pages on which a time is chosen and a talk booked: for its owner, without JavaScript, with whatever is sent to them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts.models import User
from policies.models import Access, Policy
from policies.rules import AccessScope, Service
from telemed.models import Consultation, Doctor
from telemed.queries.booking import MOST_AHEAD
from telemed.rules import State
from telemed.services.booking import book
from tests.accounts.sms import OTHER
from tests.factories import a_borrower
from tests.forms import sends
from tests.people import aigul, dana, insured_browser, oksana, yerlan
from tests.queries import statements
from tests.telemed.factories import (
    NOW,
    a_booking,
    a_covered_patient,
    a_doctor,
    a_specialist,
    a_wish,
    consents,
    open_hours,
    with_relatives,
)

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 24, 5, tzinfo=UTC)  # 10:00 in Almaty
SLOT = f"ospanov.{int(TUESDAY.timestamp())}"
TOLD = {"complaint": "Третий день болит голова", "language": "ru", "slot": SLOT, "price": "0.00"}


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_covered_patient(user)


@pytest.fixture
def doctor(policy: Policy) -> Doctor:
    doctor = a_specialist(yerlan(), insurer=policy.insurer)
    open_hours(doctor)
    return doctor


@pytest.fixture
def hers(user: User, policy: Policy) -> Client:
    User.objects.filter(pk=user.pk).update(language="en")
    return insured_browser(user)


def at(policy: Policy, *more: str, service: str = Service.SPECIALIST) -> str:
    """An address of the booking pages."""
    name = ("specialities", "booking_doctors", "times")[len(more)]
    return reverse(f"telemed:{name}", args=[policy.insured.public_id, service, *more])


def appointment(policy: Policy, service: str = Service.SPECIALIST) -> str:
    return reverse("telemed:appointment", args=[policy.insured.public_id, service])


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


# ── Choosing ─────────────────────────────────────────────────────────────────
def test_from_the_kind_to_the_time(hers: Client, policy: Policy, doctor: Doctor) -> None:
    assert at(policy) in text(hers.get("/doctor/booking/"))
    assert at(policy, "cardiologist") in text(hers.get(at(policy)))
    page = text(hers.get(at(policy, "cardiologist")))
    assert "Monday, 23 November, 09:00" in page
    assert at(policy, "cardiologist", "ospanov") in page
    page = text(hers.get(at(policy, "cardiologist", "ospanov")))
    assert 'aria-current="date"' in page
    assert "The nearest free time: <time" in page
    assert "Times are by Astana time." in page
    assert page.count('type="radio"') == 14
    assert "<legend>Morning</legend>" in page
    assert "<legend>Afternoon</legend>" in page
    assert "<legend>Evening</legend>" not in page  # the doctor closes at five


def test_a_day_without_places_is_text_and_a_day_with_them_a_link(hers: Client, policy: Policy, doctor: Doctor) -> None:
    page = text(hers.get(at(policy, "cardiologist", "ospanov")))
    assert '<span class="day">Sat' in page
    assert '<a href="?day=2026-11-24#times">Tue' in page
    assert "14 places" in page
    page = text(hers.get(at(policy, "cardiologist", "ospanov"), {"day": "2026-11-28"}))  # a Saturday
    assert "No free time on this day" in page


@pytest.mark.parametrize("day", ["2026-11-20", "2027-01-01", "nonsense", "2026-02-30", "9" * 5000])
def test_a_day_that_cannot_be_booked_opens_the_first_that_can(
    hers: Client, policy: Policy, doctor: Doctor, day: str
) -> None:
    page = text(hers.get(at(policy, "cardiologist", "ospanov"), {"day": day}))
    assert "Time: Monday, 23 November" in page


def test_nearest_offers_each_instant_once_with_its_doctor(hers: Client, policy: Policy, doctor: Doctor) -> None:
    other = a_specialist(oksana(), insurer=policy.insurer, slug="second", surname="Абаева")
    open_hours(other, opens=17 * 60, closes=18 * 60, break_from=None, break_until=None)
    page = text(hers.get(at(policy, "cardiologist", "nearest")))
    assert page.count('type="radio"') == 16
    assert 'value="second.' in page


@pytest.mark.parametrize(
    "path", ["duty_gp/", "nonsense/", "specialist/nonsense/", "specialist/cardiologist/nobody/"]
)  # fmt: skip
def test_what_is_not_there_is_not_found(hers: Client, policy: Policy, doctor: Doctor, path: str) -> None:
    assert hers.get(f"/doctor/booking/{policy.insured.public_id}/{path}").status_code == 404


def test_who_offers_what(hers: Client, policy: Policy, doctor: Doctor) -> None:
    """A GP by appointment, a specialist, and for a second opinion whoever gives them."""
    gp = a_doctor(oksana(), insurer=policy.insurer)
    open_hours(gp)
    assert "Cardiologist" in text(hers.get(at(policy)))
    assert "General practitioner" not in text(hers.get(at(policy)))
    assert "General practitioner" in text(hers.get(at(policy, service=Service.PLANNED_GP)))
    second_opinion = at(policy, service=Service.SECOND_OPINION)
    assert "Cardiologist" not in text(hers.get(second_opinion))
    Doctor.objects.filter(pk=doctor.pk).update(gives_second_opinions=True)
    assert "Cardiologist" in text(hers.get(second_opinion))


# ── Who may ──────────────────────────────────────────────────────────────────
def test_a_stranger_finds_nothing(policy: Policy, doctor: Doctor) -> None:
    stranger = dana()
    a_covered_patient(stranger, a_borrower("NL-2"), phone=OTHER)
    theirs = insured_browser(stranger)
    for path in (at(policy), at(policy, "cardiologist"), at(policy, "cardiologist", "ospanov"), appointment(policy)):
        assert theirs.get(path, {"slot": SLOT}).status_code == 404
    assert theirs.post(appointment(policy), TOLD).status_code == 404
    assert not Consultation.objects.exists()


def test_limited_access_books_nothing(hers: Client, policy: Policy, doctor: Doctor) -> None:
    Access.objects.update(scope=AccessScope.LIMITED)
    assert hers.post(appointment(policy), TOLD).status_code == 404


@pytest.mark.parametrize("missing", ["phone", "consents"])
def test_whoever_owes_a_consent_or_a_number_is_led_there_first(
    user: User, doctor: Doctor, hers: Client, policy: Policy, missing: str
) -> None:
    if missing == "phone":
        User.objects.filter(pk=user.pk).update(phone="")
        asked = policy
    else:
        asked = a_borrower("NL-3", given_name="Әлихан")
        Access.objects.create(
            user=user, person=asked.insured, kind="representative", scope=AccessScope.FULL, proof="facts"
        )
    answer = hers.post(appointment(asked), TOLD)
    assert (answer.status_code, answer.url.startswith("/doctor/entry/?next=")) == (302, True)
    assert not Consultation.objects.exists()


def test_kih_17_the_duty_doctor_sets_the_hour_of_a_specialist(hers: Client, user: User, doctor: Doctor) -> None:
    policy = with_relatives(user)
    consents(user, policy)
    page = text(hers.get(at(policy)))
    assert "The duty doctor finds the time" in page
    assert 'href="/doctor/request/"' in page
    assert "The duty doctor finds the time" in text(hers.post(appointment(policy), TOLD))
    assert not Consultation.objects.exists()


# ── Booking ──────────────────────────────────────────────────────────────────
def test_the_page_says_what_when_and_until_when_it_is_free(hers: Client, policy: Policy, doctor: Doctor) -> None:
    page = text(hers.get(appointment(policy), {"slot": SLOT}))
    assert "Tuesday, 24 November, 10:00" in page
    assert "Book for 10:00" in page
    assert "Cancel before 10:00 on Monday, 23 November" in page
    assert "It cannot be cancelled free of charge" not in page
    assert "What troubles you?" in page


@pytest.mark.parametrize(
    ("before", "is_warned"), [(timedelta(hours=24), False), (timedelta(hours=23, minutes=59, seconds=59), True)]
)
def test_inside_the_last_day_the_page_warns_before_the_button(
    user: User, hers: Client, policy: Policy, doctor: Doctor, before: timedelta, is_warned: bool
) -> None:
    with time_machine.travel(TUESDAY - before, tick=False):
        page = text(insured_browser(user).get(appointment(policy), {"slot": SLOT}))
        assert ("It cannot be cancelled free of charge" in page) == is_warned
        assert ("Changed your mind?" in page) != is_warned


def test_booking_costs_six_statements(hers: Client, policy: Policy, doctor: Doctor) -> None:
    hers.get("/doctor/booking/")  # notes in the session when it was seen
    with statements() as made:
        answer = hers.post(appointment(policy), TOLD)
    assert answer.url == Consultation.objects.get().get_absolute_url()
    assert len(made) == 6, made


def test_a_double_click_books_once_and_leads_to_the_same_page(hers: Client, policy: Policy, doctor: Doctor) -> None:
    answers = {hers.post(appointment(policy), TOLD).url for _click in range(2)}
    assert answers == {Consultation.objects.get().get_absolute_url()}


def test_what_is_missing_is_said_and_nothing_is_lost(hers: Client, policy: Policy, doctor: Doctor) -> None:
    page = text(hers.post(appointment(policy), TOLD | {"complaint": "", "allergies": "Пенициллин"}))
    assert "Fill in “What troubles you?”" in page
    assert "Пенициллин" in page
    assert not Consultation.objects.exists()


def test_a_taken_time_offers_the_next_ones_and_keeps_what_was_typed(
    hers: Client, policy: Policy, doctor: Doctor
) -> None:
    other = dana()
    others = a_covered_patient(other, a_borrower("NL-2"), phone=OTHER)
    book(wish=a_wish(other, others, doctor, TUESDAY), by=other, now=NOW)
    page = text(hers.post(appointment(policy), TOLD))
    assert "This time was just taken" in page
    assert TOLD["complaint"] in page
    assert "Tuesday, 24 November, 09:30, Оспанов Ерлан Болатович" in page
    assert page.count('name="slot"') == 6
    instead = f"ospanov.{int((TUESDAY + timedelta(minutes=30)).timestamp())}"
    hers.post(appointment(policy), TOLD | {"slot": instead})
    assert Consultation.objects.filter(starts_at=TUESDAY + timedelta(minutes=30)).count() == 1


def test_a_link_to_a_time_that_is_gone_says_so_before_anything_is_typed(
    user: User, hers: Client, policy: Policy, doctor: Doctor
) -> None:
    other = dana()
    others = a_covered_patient(other, a_borrower("NL-2"), phone=OTHER)
    book(wish=a_wish(other, others, doctor, TUESDAY), by=other, now=NOW)
    assert "This time was just taken" in text(hers.get(appointment(policy), {"slot": SLOT}))
    own = book(wish=a_wish(user, policy, doctor, TUESDAY + timedelta(minutes=30)), by=user, now=NOW)
    later = f"ospanov.{int((TUESDAY + timedelta(minutes=30)).timestamp())}"
    assert hers.get(appointment(policy), {"slot": later}).url == own.get_absolute_url()


def test_a_time_that_was_never_offered_is_refused(hers: Client, policy: Policy, doctor: Doctor) -> None:
    odd = f"ospanov.{int(TUESDAY.timestamp()) + 60}"
    assert "This time was just taken" in text(hers.post(appointment(policy), TOLD | {"slot": odd}))
    assert hers.post(appointment(policy), TOLD | {"slot": f"nobody.{int(TUESDAY.timestamp())}"}).status_code == 404
    for slot in ("", "nonsense", "ospanov.", "ospanov.99999999999999", "ospanov.-5", ".1", "ospanov.١٢"):
        assert hers.post(appointment(policy), TOLD | {"slot": slot}).status_code == 302
    assert not Consultation.objects.exists()


def test_a_price_that_was_not_seen_is_not_taken(hers: Client, policy: Policy, doctor: Doctor) -> None:
    Policy.objects.filter(pk=policy.pk).update(cover_starts_on=date(2025, 1, 1), cover_ends_on=date(2025, 12, 31))
    page = text(hers.post(appointment(policy), TOLD))
    assert "The price has changed since" in page
    assert not Consultation.objects.exists()
    answer = hers.post(appointment(policy), TOLD | {"price": "5000.00"})
    consultation = Consultation.objects.get()
    assert (answer.url, consultation.state) == (consultation.get_absolute_url(), State.UNPAID)


def test_another_talk_at_that_time_is_named(hers: Client, user: User, policy: Policy, doctor: Doctor) -> None:
    other = a_doctor(oksana(), insurer=policy.insurer)
    first = a_booking(user, policy, other, TUESDAY)
    page = text(hers.post(appointment(policy), TOLD))
    assert "There is another talk at this time already" in page
    assert first.get_absolute_url() in page


def test_nobody_keeps_a_doctors_week(
    hers: Client, user: User, policy: Policy, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(1, MOST_AHEAD):
        a_booking(user, policy, doctor, TUESDAY + n * timedelta(days=1))
    assert hers.post(appointment(policy), TOLD).status_code == 302
    later = TOLD | {"slot": f"ospanov.{int((TUESDAY + timedelta(minutes=30)).timestamp())}"}
    assert "As many talks are booked" in text(hers.post(appointment(policy), later))
    monkeypatch.setattr("telemed.queries.booking.MOST_AHEAD", 99)  # control: without the limit they could
    assert hers.post(appointment(policy), later).status_code == 302


def test_tm_08_a_second_opinion_asks_for_the_first(hers: Client, policy: Policy, doctor: Doctor) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(gives_second_opinions=True)
    page = appointment(policy, Service.SECOND_OPINION)
    assert "The diagnosis that you were given" in text(hers.get(page, {"slot": SLOT}))
    assert "Fill in “The diagnosis that you were given”" in text(hers.post(page, TOLD))
    hers.post(page, TOLD | {"diagnoses": "Аритмия, поликлиника № 5"})
    consultation = Consultation.objects.get()
    assert (consultation.service, consultation.diagnoses) == (Service.SECOND_OPINION, "Аритмия, поликлиника № 5")
    booked = text(hers.get(consultation.get_absolute_url()))
    assert booked.index("What do you want to know?") < booked.index("The diagnosis that you were given")


# ── Booked ───────────────────────────────────────────────────────────────────
@pytest.fixture
def booked(user: User, policy: Policy, doctor: Doctor) -> Consultation:
    return book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)


def test_the_page_of_a_booked_talk(hers: Client, booked: Consultation) -> None:
    page = text(hers.get(booked.get_absolute_url()))
    assert "Tuesday, 24 November, 10:00" in page
    assert "Оспанов Ерлан Болатович, cardiologist" in page
    assert "free of charge until 10:00 on Monday, 23 November" in page
    for name in ("new_time", "cancellation", "calendar"):
        assert reverse(f"telemed:{name}", args=[booked.public_id]) in page


def test_the_calendar_file_is_the_owners(hers: Client, booked: Consultation) -> None:
    path = reverse("telemed:calendar", args=[booked.public_id])
    answer = hers.get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    entry = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert (entry["UID"], entry["DTSTART"].dt) == (str(booked.public_id), TUESDAY)
    assert insured_browser(dana()).get(path).status_code == 404


def moved_to(hers: Client, booked: Consultation, **more: Any) -> HttpResponse:
    later = f"ospanov.{int((TUESDAY + timedelta(days=1)).timestamp())}"
    return sends(hers, reverse("telemed:move", args=[booked.public_id]), {"slot": later, **more})


def test_a_talk_is_moved(hers: Client, booked: Consultation) -> None:
    assert page_of_new_time(hers, booked).count('type="radio"') == 14
    assert moved_to(hers, booked).url == booked.get_absolute_url()
    booked.refresh_from_db()
    assert booked.starts_at == TUESDAY + timedelta(days=1)


def page_of_new_time(hers: Client, booked: Consultation) -> str:
    return text(hers.get(reverse("telemed:new_time", args=[booked.public_id])))


def test_v18_a_late_move_is_warned_of_and_counts_as_rendered(user: User, hers: Client, booked: Consultation) -> None:
    with time_machine.travel(TUESDAY - timedelta(hours=23), tick=False):
        hers = insured_browser(user)  # signed in a day later
        assert "Too late to move free of charge" in page_of_new_time(hers, booked)
        assert "Too late to move free of charge" in text(moved_to(hers, booked))
        assert Consultation.objects.get().state == State.BOOKED
        answer = moved_to(hers, booked, warned="yes")
    booked.refresh_from_db()
    assert booked.state == State.CANCELLED_LATE
    assert answer.url == Consultation.objects.get(state=State.BOOKED).get_absolute_url()


def test_a_move_to_a_taken_time_says_so(hers: Client, policy: Policy, doctor: Doctor, booked: Consultation) -> None:
    other = dana()
    others = a_covered_patient(other, a_borrower("NL-2"), phone=OTHER)
    book(wish=a_wish(other, others, doctor, TUESDAY + timedelta(days=1)), by=other, now=NOW)
    answer = moved_to(hers, booked)
    assert answer.url == reverse("telemed:new_time", args=[booked.public_id])
    assert "This time was just taken" in text(hers.get(answer.url))


def test_only_what_is_booked_is_moved_and_only_by_its_owner(
    hers: Client, user: User, policy: Policy, booked: Consultation
) -> None:
    theirs = insured_browser(dana())
    assert moved_to(theirs, booked).status_code == 404
    assert theirs.get(reverse("telemed:new_time", args=[booked.public_id])).status_code == 404
    Consultation.objects.update(state=State.CANCELLED)
    assert moved_to(hers, booked).url == booked.get_absolute_url()
    assert hers.get(reverse("telemed:new_time", args=[booked.public_id])).url == booked.get_absolute_url()
    assert hers.get(reverse("telemed:new_time", args=[uuid4()])).status_code == 404
