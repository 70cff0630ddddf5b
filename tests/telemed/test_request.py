"""Asking the duty doctor: the way in, for whom, what it costs, and nothing that was typed is lost (TM-13, TM-19…21, TM-27…30)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from time_machine import Traveller

from accounts.models import User
from policies.models import ConsentAct, Policy
from policies.queries import consents_of
from policies.rules import AccessKind, AccessScope, Service
from policies.services.access import grant_access
from policies.services.consents import withdraw_consent
from telemed.models import Consultation, ConsultationStep, RequestDraft
from telemed.queries.files import unsent_files
from telemed.queries.patients import patients_of
from telemed.rules import DRAFT_LIFE, REQUESTS_A_DAY, Event, Speciality, State
from telemed.services.request import EntryOwed, Told, ask_duty_doctor
from tests.accounts.sms import PHONE, confirms
from tests.factories import TODAY, a_borrower, a_person
from tests.forms import sends
from tests.people import aigul, dana, insured_browser
from tests.queries import statements
from tests.telemed.factories import NOW, a_patient, consents, with_relatives
from tests.telemed.factories import a_covered_patient as covered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOME, ENTRY, REQUEST = "/doctor/", "/doctor/entry/", "/doctor/request/"
COMPLAINT = "Третий день болит горло"


def answers(user: User, which: int = 0, **more: str) -> dict[str, str]:
    """As the page offers them: `which` of the choices."""
    choices = [choice for patient in patients_of(user, now=NOW) for choice in patient.choices]
    return {"whom": choices[which].key, "complaint": COMPLAINT, "language": "ru"} | more


def ask(user: User, which: int = 0, **more: str) -> HttpResponse:
    return sends(insured_browser(user), REQUEST, answers(user, which, **more))


# ── The way in ───────────────────────────────────────────────────────────────
def test_without_consents_and_number_telemedicine_is_closed_and_the_account_is_not() -> None:
    user = aigul()
    a_patient(user, a_borrower())
    browser = insured_browser(user)
    assert browser.get(REQUEST).headers["Location"] == f"{ENTRY}?next=%2Fdoctor%2Frequest%2F"
    assert browser.get("/").status_code == browser.get(HOME).status_code == 200


def test_both_consents_then_the_number_then_the_request() -> None:
    user = aigul()
    policy = a_patient(user, a_borrower())
    browser, way = insured_browser(user), f"{ENTRY}?next={REQUEST}"
    assert "медициналық" in browser.get(way).text  # Aigul reads Kazakh
    assert sends(browser, way, {"consent_personal_data": "1"}).status_code == 200  # one of two
    assert not ConsentAct.objects.exists()
    assert sends(browser, way, {"consent_personal_data": "1", "consent_medical_information": "1"}).url == way
    assert {(act.person, act.language) for act in ConsentAct.objects.all()} == {(policy.insured, "kk")}
    assert "/accounts/mobile/?next=/doctor/request/" in browser.get(way).text
    assert browser.get(REQUEST).url.startswith(ENTRY)  # control: the consents alone open nothing


def test_the_number_leads_back_to_the_doctor() -> None:
    user = aigul()
    consents(user, a_patient(user, a_borrower()))
    browser = insured_browser(user)
    way = f"?next={REQUEST}"
    answer = confirms(browser, PHONE, way)
    assert answer.headers["Location"] == REQUEST
    assert browser.get(REQUEST).status_code == 200


def test_a_foreign_address_is_not_led_to() -> None:
    user = aigul()
    consents(user, a_patient(user, a_borrower()))
    assert (
        confirms(insured_browser(user), PHONE, "?next=https://evil.example/").headers["Location"] == "/accounts/mobile/"
    )


def test_a_withdrawn_consent_closes_the_doctor_again() -> None:
    user = aigul()
    covered(user)
    browser = insured_browser(user)
    assert browser.get(REQUEST).status_code == 200
    withdraw_consent(given=consents_of(user)[0].given, language="ru", now=NOW)
    assert browser.get(REQUEST).url.startswith(ENTRY)


def test_a_childs_consents_are_its_own_and_one_page_asks_for_the_whole_family() -> None:
    user = aigul()
    policy = covered(user)
    child = a_borrower("NL-0000042", given_name="Бала", surname="Садыкова", birth_date=date(2019, 3, 14)).insured
    grant_access(
        user=user, person=child, kind=AccessKind.GUARDIAN, scope=AccessScope.FULL, proof="document", by=user, now=NOW
    )
    browser = insured_browser(user)
    assert "Бала С." not in browser.get(REQUEST).text.partition('<form class="narrow"')[2].partition("</form>")[0]
    sends(browser, ENTRY, {"consent_personal_data": "1", "consent_medical_information": "1"})
    assert "Бала С." in browser.get(REQUEST).text
    assert (
        ConsentAct.objects.filter(person=policy.insured).count() == ConsentAct.objects.filter(person=child).count() == 2
    )


# ── For whom, and which doctor ───────────────────────────────────────────────
def test_an_adult_waits_for_the_gp_at_no_charge() -> None:
    user = aigul()
    policy = covered(user)
    answer = ask(user, diagnoses="Гипертония", allergies="Пенициллин", contraindications="Аспирин")
    made = Consultation.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url()
    assert (made.state, made.price, made.policy, made.queued_at) == (State.WAITING, 0, policy, NOW)
    assert (made.service, made.speciality) == (Service.DUTY_GP, Speciality.THERAPIST)
    assert (made.complaint, made.diagnoses, made.allergies, made.contraindications) == (
        COMPLAINT, "Гипертония", "Пенициллин", "Аспирин",
    )  # fmt: skip
    assert (made.phone, made.asked_by) == (PHONE, user)
    assert ConsultationStep.objects.get().kind == Event.QUEUE


@pytest.mark.parametrize(
    ("born", "service"),
    [
        (TODAY.replace(year=2008), Service.DUTY_GP),
        (TODAY.replace(year=2008) + timedelta(days=1), Service.DUTY_PAEDIATRICIAN),
    ],
)
def test_a_close_one_is_recorded_with_the_birth_date_that_chooses_the_doctor(born: date, service: Service) -> None:
    user = aigul()
    with_relatives(user)
    day, month, year = f"{born:%d %m %Y}".split()
    ask(user, 1, close_one="Мама", close_one_born_0=day, close_one_born_1=month, close_one_born_2=year)
    made = Consultation.objects.get()
    assert (made.close_one, made.close_one_born, made.service, made.price) == ("Мама", born, service, 0)


def test_whose_programme_is_for_the_insured_person_only_is_not_asked_about_close_ones() -> None:
    user = aigul()
    covered(user)
    assert "close_one" not in insured_browser(user).get(REQUEST).text
    assert len(patients_of(user, now=NOW)[0].choices) == 1


def test_a_close_one_without_name_or_date_is_asked_for_and_nothing_is_lost() -> None:
    user = aigul()
    with_relatives(user)
    page = ask(user, 1).text
    assert page.count('class="msg"') == 2
    assert COMPLAINT in page
    assert not Consultation.objects.exists()


def test_limited_access_asks_for_nobody() -> None:
    user = aigul()
    policy = a_borrower()
    grant_access(
        user=user,
        person=policy.insured,
        kind=AccessKind.SELF,
        scope=AccessScope.LIMITED,
        proof="facts",
        by=user,
        now=NOW,
    )
    assert patients_of(user, now=NOW) == []
    assert insured_browser(user).get(REQUEST).url == HOME


def test_somebody_elses_choice_is_refused() -> None:
    covered(aigul())
    other = dana()
    covered_by_other(other)
    foreign = answers(User.objects.get(email="aigul@example.kz"))
    assert sends(insured_browser(other), REQUEST, foreign).status_code == 200
    assert not Consultation.objects.exists()


def covered_by_other(user: User) -> Policy:
    policy = a_patient(user, a_borrower("NL-0000043", given_name="Дана", surname="Ахметова"))
    consents(user, policy)
    User.objects.filter(pk=user.pk).update(phone="+77019990001")
    user.refresh_from_db()
    return policy


# ── What it costs ────────────────────────────────────────────────────────────
def test_before_the_cover_starts_the_price_of_the_list_is_paid_first() -> None:
    user = aigul()
    with_relatives(user, starts_on=TODAY + timedelta(days=1))
    page = insured_browser(user).get(REQUEST).text
    assert "5\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}₸" in page
    ask(user)
    made = Consultation.objects.get()
    assert (made.state, made.price, made.policy, made.queued_at) == (State.UNPAID, Decimal(5000), None, None)


def test_a_price_that_changed_at_midnight_is_read_before_it_is_agreed_to(clock: Traveller) -> None:
    user = aigul()
    policy = covered(user)
    policy.cover_ends_on = TODAY
    policy.save()
    free = answers(user)
    clock.shift(timedelta(hours=12))  # midnight in Almaty
    answer = sends(insured_browser(user), REQUEST, free)
    assert answer.status_code == 200
    assert COMPLAINT in answer.text
    assert not Consultation.objects.exists()


# ── Once ─────────────────────────────────────────────────────────────────────
def test_a_double_click_asks_once_and_another_window_is_led_to_the_first() -> None:
    user = aigul()
    covered(user)
    first, second = ask(user), ask(user)
    assert Consultation.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_who_has_cancelled_may_ask_again() -> None:
    user = aigul()
    covered(user)
    ask(user)
    Consultation.objects.update(state=State.CANCELLED)
    ask(user)
    assert Consultation.objects.count() == 2


def test_a_machine_that_asks_all_day_is_stopped() -> None:
    user = aigul()
    covered(user)
    for _ in range(REQUESTS_A_DAY):
        ask(user)
        Consultation.objects.update(state=State.CANCELLED)
    assert ask(user).status_code == 200
    assert Consultation.objects.count() == REQUESTS_A_DAY


# ── A session that ended ─────────────────────────────────────────────────────
def whose(browser: Client) -> str:
    return browser.get(REQUEST).text.partition('name="whose" value="')[2].partition('"')[0]


def test_what_was_typed_into_an_ended_session_is_there_after_signing_in(clock: Traveller) -> None:
    user = aigul()
    with_relatives(user)
    browser = insured_browser(user)
    typed = answers(user, 1, close_one="Мама", close_one_born_0="14", whose=whose(browser))
    clock.shift(timedelta(minutes=31))
    answer = sends(browser, REQUEST, typed)
    assert answer.headers["Location"] == "/accounts/login/?next=/doctor/request/"
    assert COMPLAINT not in RequestDraft.objects.get().answers  # sealed
    page = insured_browser(user).get(REQUEST).text
    assert COMPLAINT in page
    assert 'value="Мама"' in page
    assert 'value="14"' in page
    ask(user)
    assert not RequestDraft.objects.exists()


def test_nobody_else_at_that_browser_reads_it_and_a_forged_name_keeps_nothing(clock: Traveller) -> None:
    user, other = aigul(), dana()
    covered(user)
    covered_by_other(other)
    sends(Client(), REQUEST, answers(user, whose=whose(insured_browser(user))))
    assert COMPLAINT not in insured_browser(other).get(REQUEST).text
    sends(Client(), REQUEST, answers(user, whose=f"{other.pk}:forged"))
    assert RequestDraft.objects.get().user == user
    clock.shift(DRAFT_LIFE)
    assert COMPLAINT not in insured_browser(user).get(REQUEST).text


# ── The section ──────────────────────────────────────────────────────────────
def test_the_section_says_what_is_under_way_and_what_was() -> None:
    user = aigul()
    covered(user)
    browser = insured_browser(user)
    assert f'href="{REQUEST}"' in browser.get(HOME).text
    ask(user)
    made = Consultation.objects.get()
    assert browser.get(HOME).text.count(made.get_absolute_url()) == 1
    assert made.get_absolute_url() in browser.get("/").text  # the cabinet's home
    Consultation.objects.update(state=State.CANCELLED, ended_at=NOW)
    assert browser.get(HOME).text.count(made.get_absolute_url()) == 1
    assert made.get_absolute_url() not in browser.get("/").text


def test_what_the_section_costs_in_statements() -> None:
    user = aigul()
    covered(user)
    browser = insured_browser(user)
    browser.get(HOME)
    with statements() as made:
        browser.get(HOME)
    assert len(made) <= 10, made


def test_a_long_history_has_pages() -> None:
    user = aigul()
    policy = covered(user)
    Consultation.objects.bulk_create([
        Consultation(
            insurer=policy.insurer, patient=policy.insured, asked_by=user, language="ru", service=Service.DUTY_GP,
            speciality=Speciality.THERAPIST, state=State.CANCELLED, price=0, currency="KZT", complaint="", phone=PHONE,
        )
        for _ in range(21)
    ])  # fmt: skip
    browser = insured_browser(user)
    oldest = Consultation.objects.order_by("pk")[0].get_absolute_url()
    first = browser.get(HOME).text
    assert oldest not in first
    link = first.partition(f'href="{HOME}?before=')[2].partition('"')[0]
    assert oldest in browser.get(f"{HOME}?before={link}").text
    assert {browser.get(f"{HOME}?before={nonsense}").status_code for nonsense in ("x", "", "9" * 5000, "²")} == {200}


def test_another_relatives_birth_date_in_the_future_is_a_slip() -> None:
    user = aigul()
    with_relatives(user)
    page = ask(user, 1, close_one="Мама", close_one_born_0="14", close_one_born_1="03", close_one_born_2="2062").text
    assert not Consultation.objects.exists()
    assert page.count('class="msg"') == 1


def test_a_person_without_a_policy_can_have_no_doctor_here() -> None:
    user = aigul()
    person = a_person()
    grant_access(
        user=user, person=person, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="facts", by=user, now=NOW
    )
    assert [patient.choices for patient in patients_of(user, now=NOW)] == [[]]
    assert insured_browser(user).get(HOME).status_code == 200


def test_the_service_itself_asks_for_consents_and_number() -> None:
    """Whichever page calls it."""
    user = aigul()
    policy = a_patient(user, a_borrower())
    told = Told(complaint=COMPLAINT, diagnoses="", allergies="", contraindications="", language="ru")

    def asks() -> None:
        (patient,) = patients_of(user, now=NOW)
        ask_duty_doctor(
            user=user, choice=patient.choices[0], close_one="", born=None, told=told,
            files=unsent_files(user, patient.person), now=NOW,
        )  # fmt: skip

    with pytest.raises(EntryOwed):
        asks()
    consents(user, policy)
    with pytest.raises(EntryOwed):
        asks()
    user.phone = PHONE
    asks()
    assert Consultation.objects.get().state == State.WAITING
