"""Before the opening day: a page, a reminder, a calendar file (NSK-20)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar
from time_machine import Traveller

from activation.models import Activation, Reminder
from activation.services import begin
from activation.services.remind import send_due_reminders
from activation.tasks import send_due_reminders as task
from notices.models import Notice
from policies.models import Access, Policy
from policies.rules import ContractKind
from tests.activation.door import START, Visitor, facts, link_in_last_letter
from tests.factories import BORN, TODAY, a_policy
from tests.people import aigul

pytestmark = pytest.mark.django_db
WAITING = f"{START}waiting/"


def waiting(signed_days_ago: int = 9, language: str = "en", **facts: object) -> Visitor:
    a_policy(signed_on=TODAY - timedelta(days=signed_days_ago), **facts)  # type: ignore[arg-type]
    visitor = Visitor(language)
    assert visitor.says()["Location"] == WAITING
    return visitor


def test_the_page_names_the_day_draws_the_ruler_and_offers_what_helps() -> None:
    page = waiting().follows(WAITING).content.decode()
    assert "27 November 2026" in page
    assert 'viewBox="0 0 15 1"' in page
    assert 'd="M0 .5h9"' in page
    for offer in ("calendar.ics", "Remind me", "What you will need", "+7 (7172) 72-75-89", "open now until 16:00"):
        assert offer in page


@pytest.mark.parametrize(
    ("hour_in_almaty", "said"), [(12, "open now until 16:00"), (17, "closed now, opens on Monday at 9:00")]
)
def test_it_says_whether_the_call_centre_answers_on_this_saturday(
    clock: Traveller, hour_in_almaty: int, said: str
) -> None:
    clock.move_to(datetime(2026, 11, 21, hour_in_almaty - 5, tzinfo=UTC))
    assert said in waiting().follows(WAITING).content.decode()


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_day_is_written_in_words_of_the_language(language: str) -> None:
    page = waiting(language=language).follows(WAITING).content.decode()
    assert {"ru": "27 ноября 2026 года", "kk": "2026 жылғы 27 қараша"}[language] in page.replace("\u00a0", " ")


def test_a_card_from_the_employer_waits_three_days() -> None:
    page = waiting(1, kind=ContractKind.CORPORATE).follows(WAITING).content.decode()
    assert "23 November 2026" in page
    assert 'viewBox="0 0 3 1"' in page


def test_what_was_entered_is_still_in_the_form_below() -> None:
    page = waiting().follows(WAITING).content
    assert b'value="4410 0275 31"' in page
    assert b'value="1961"' in page


def test_without_a_passage_the_page_is_the_start() -> None:
    a_policy(signed_on=TODAY)
    for path in (WAITING, f"{WAITING}calendar.ics"):
        assert Visitor().follows(path)["Location"] == START
    assert Visitor().client.post(f"{WAITING}reminder/", {"email": "a@example.kz"})["Location"] == START
    assert not Reminder.objects.exists()


def test_step_2_is_closed_while_waiting() -> None:
    visitor = waiting()
    assert visitor.chooses().status_code == 302
    assert not Notice.objects.exists()


def proved_too_early() -> Visitor:
    """The second proof is right and the day has not come."""
    a_policy(signed_on=TODAY)
    visitor = Visitor()
    assert (
        visitor.sends(f"{START}recovery/", facts("4410027531", BORN) | {"answer": "Д-2026/117"})["Location"] == WAITING
    )
    return visitor


def test_no_proof_shortens_the_waiting_period() -> None:
    visitor = proved_too_early()
    assert visitor.chooses()["Location"] == WAITING
    assert not Activation.objects.exists()
    assert not Notice.objects.exists()


def test_without_this_a_proof_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(begin, "demand_open", lambda policy, now: None)
    assert proved_too_early().chooses()["Location"] == "/activate/letter/"


def test_nor_does_an_account() -> None:
    visitor, user = proved_too_early(), aigul()
    visitor.client.force_login(user)
    assert visitor.client.post(f"{START}account/", {"kind": "self"})["Location"] == WAITING
    assert not Access.objects.exists()


def test_the_calendar_file_has_the_opening_day_and_no_personal_data() -> None:
    answer = waiting().follows(f"{WAITING}calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert event.decoded("dtstart").isoformat() == "2026-11-27"
    for private in (b"4410027531", b"Aigul", "Айгуль".encode(), b"19610314", b"14.03.1961"):
        assert private not in answer.content


def ask(visitor: Visitor, email: str = "aigul@example.kz") -> None:
    visitor.client.post(f"{WAITING}reminder/", {"email": email})


def test_the_reminder_is_one_letter_on_the_opening_morning_and_then_the_address_is_gone(clock: Traveller) -> None:
    visitor = waiting(language="kk")
    ask(visitor)
    assert b"a\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2l@example.kz" in visitor.follows(WAITING).content
    clock.move_to(datetime(2026, 11, 27, 3, 59, tzinfo=UTC))  # 08:59 in Almaty
    assert send_due_reminders(now=timezone.now()) == 0
    clock.move_to(datetime(2026, 11, 27, 4, 0, tzinfo=UTC))
    assert send_due_reminders(now=timezone.now()) == 1
    notice = Notice.objects.get()
    assert (notice.kind, notice.to, notice.language, notice.forget) == (
        "activation_opens",
        "aigul@example.kz",
        "kk",
        True,
    )
    assert not Reminder.objects.exists()
    assert send_due_reminders(now=timezone.now()) == 0


def test_asking_again_replaces_the_address() -> None:
    visitor = waiting()
    ask(visitor)
    ask(visitor, "other@example.kz")
    assert Reminder.objects.get().email == "other@example.kz"


def test_an_address_that_is_none_is_named_on_the_same_page() -> None:
    answer = waiting().client.post(f"{WAITING}reminder/", {"email": "aigul"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]


def test_a_corrected_signing_date_moves_the_reminder(clock: Traveller) -> None:
    ask(waiting())
    Policy.objects.update(signed_on=TODAY - timedelta(days=5))
    clock.move_to(datetime(2026, 11, 27, 5, tzinfo=UTC))
    assert send_due_reminders(now=timezone.now()) == 0
    clock.move_to(datetime(2026, 12, 1, 5, tzinfo=UTC))
    assert send_due_reminders(now=timezone.now()) == 1


def test_nobody_is_reminded_of_what_is_done(clock: Traveller) -> None:
    ask(waiting())
    clock.move_to(datetime(2026, 11, 27, 0, tzinfo=UTC))
    visitor = Visitor()
    visitor.begins()
    visitor.confirms(link_in_last_letter())
    clock.move_to(datetime(2026, 11, 27, 5, tzinfo=UTC))
    assert send_due_reminders(now=timezone.now()) == 0
    assert not Reminder.objects.exists()


def test_the_task_twice_is_the_task_once(clock: Traveller) -> None:
    ask(waiting())
    clock.move_to(datetime(2026, 11, 27, 5, tzinfo=UTC))
    task()
    task()
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("path", ["reminder/"])
def test_asking_is_a_post(path: str) -> None:
    assert waiting().follows(f"{WAITING}{path}").status_code == 405


@pytest.mark.parametrize("path", ["", "calendar.ics"])
def test_looking_is_a_get(path: str) -> None:
    assert waiting().client.post(f"{WAITING}{path}").status_code == 405


def test_once_open_the_page_leads_on(clock: Traveller) -> None:
    visitor = waiting(14)
    clock.shift(timedelta(hours=12))
    visitor.client.cookies.clear()
    assert visitor.says()["Location"] == f"{START}account/"
