"""Before the opening day: a page that says when, a reminder, a calendar file, and the way on when the day has come."""

from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import expect
from time_machine import Traveller

from activation.services.remind import send_due_reminders
from core.dates import from_date
from tests.factories import TODAY, a_policy
from tests.journeys.conftest import Come
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.journeys.words import says

AIGUL = "aigul@example.kz"
OPENS = date(2026, 11, 27)


def test_the_day_is_named_written_into_the_calendar_and_reminded_of(come: Come, post: Post, clock: Traveller) -> None:
    # Given a contract of nine days ago, which can be activated after fifteen
    policy = a_policy(signed_on=TODAY - timedelta(days=9))
    # When its owner comes
    aigul = come().finds(policy)
    # Then the page answers with the day, the count and the ruler
    must_wait(aigul, days=6)
    # And the day goes into a calendar, and a reminder is promised to the address that was left
    assert day_in(aigul) == OPENS
    aigul.types(AIGUL, into="E-mail").presses("Remind me").reads_text("a•••l@example.kz")
    # When she comes a day later, there is a day less to wait, and no letter yet
    clock.shift(timedelta(days=1))
    must_wait(aigul.finds(policy), days=5)
    assert send_due_reminders(now=timezone.now()) == 0
    # When the day comes, a letter leads her on
    clock.shift(timedelta(days=5))
    assert send_due_reminders(now=timezone.now()) == 1
    aigul.opens(post.link_to(AIGUL)).gives_facts().presses("Continue").is_at("Choose an e-mail and a password")


def must_wait(aigul: Visitor, *, days: int) -> None:
    aigul.is_at("We found the contract. It can be activated %(from_date)s", from_date=from_date(OPENS))
    expect(aigul.main.locator(".big b")).to_have_text(str(days))
    expect(aigul.main.locator(".ruler .done")).to_have_attribute("d", f"M0 .5h{15 - days}")


def day_in(aigul: Visitor) -> date:
    with aigul.page.expect_download() as download:
        aigul.follows("Add the day to your calendar")
    (event,) = Calendar.from_ical(Path(download.value.path()).read_bytes()).events
    return event.DTSTART


def test_a_mistyped_address_for_the_reminder_is_said_and_the_page_stays(come: Come) -> None:
    # Given somebody on the waiting page
    aigul = come().finds(a_policy(signed_on=TODAY))
    # When she leaves no whole address
    aigul.types("aigul", into="E-mail").presses("Remind me")
    # Then the page begins with what is wrong, and still says how long to wait
    expect(aigul.main.locator(".errors")).to_be_focused()
    expect(aigul.main.locator(".ruler")).to_be_visible()
    assert aigul.page.title().startswith(says("Error:"))
