"""A day off more: who edits the calendar sees which claims' dates move, confirms it, and the queues follow the one engine."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from claims.models import CalendarEdit, Claim, Instalment
from claims.queries.facts import calendar_of, facts_of
from claims.queries.timeline import timeline_of
from claims.rules.clock import clock_of, read_clock
from claims.services import calendar as following
from claims.services.calendar import LONGEST_ACT, follow, follow_all
from claims.services.clock import wind
from core.models import CalendarDay
from tests.claims.factories import NOW, a_claim, a_review
from tests.claims.paying import decided, hers, monthly
from tests.factories import TODAY
from tests.people import a_person, staff_browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

ADMIN = "/staff/core/calendarday/"
A_TUESDAY = date(2026, 11, 24)


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def chief() -> Client:
    browser = staff_browser(a_person("chief@example.kz", is_staff=True, is_superuser=True))
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture
def reviewed() -> Claim:
    """Under review since today."""
    claim = hers()
    a_review(claim)
    wind(claim, now=NOW)
    return claim


def marked(day: date = A_TUESDAY, **more: str) -> dict[str, str]:
    return {"country": "KZ", "date": f"{day:%d.%m.%Y}", "kind": "off", "note": "Постановление 1"} | more


def next_on(claim: Claim) -> date:
    return Claim.objects.values_list("next_on", flat=True).get(pk=claim.pk)


def test_who_edits_the_calendar_sees_first_which_dates_move(chief: Client, reviewed: Claim) -> None:
    shown = chief.post(f"{ADMIN}add/", marked()).content.decode()
    assert "The dates of 1 claim move" in shown
    assert reviewed.number_shown in shown
    assert not CalendarDay.objects.exists()


def test_confirmed_the_day_is_marked_and_the_queue_follows(chief: Client, reviewed: Claim) -> None:
    before = next_on(reviewed)
    assert chief.post(f"{ADMIN}add/", marked(seen="1")).status_code == 302
    edit = CalendarEdit.objects.get()
    assert (edit.date, edit.mark, edit.seen, edit.followed_at) == (A_TUESDAY, "off", 1, None)
    assert next_on(reviewed) == before
    assert follow_all(now=NOW) == 1
    due = timeline_of(reviewed, today=TODAY).nearest
    assert due
    assert before
    assert due.deadline.due
    assert next_on(reviewed) == due.deadline.due > before


def test_an_edit_that_moves_nothing_asks_nothing(chief: Client, reviewed: Claim) -> None:
    assert chief.post(f"{ADMIN}add/", marked(date(2030, 11, 26))).status_code == 302
    assert CalendarEdit.objects.get().seen == 0


def test_a_day_that_is_unmarked_moves_them_back(chief: Client, reviewed: Claim) -> None:
    before = next_on(reviewed)
    chief.post(f"{ADMIN}add/", marked(seen="1"))
    follow_all(now=NOW)
    page = f"{ADMIN}{CalendarDay.objects.get().pk}/delete/"
    assert reviewed.number_shown in chief.get(page).content.decode()
    chief.post(page, {"post": "yes", "seen": "1"})
    follow_all(now=NOW)
    assert next_on(reviewed) == before
    assert [edit.mark for edit in CalendarEdit.objects.order_by("pk")] == ["off", "none"]


def test_last_days_for_paying_follow_too(chief: Client) -> None:
    claim = decided(monthly(3))
    before = list(Instalment.objects.order_by("number").values_list("pay_by", flat=True))
    chief.post(f"{ADMIN}add/", marked(seen="1"))
    follow_all(now=NOW)
    after = list(Instalment.objects.order_by("number").values_list("pay_by", flat=True))
    read = read_clock(clock_of(facts_of(claim)), calendar_of(claim.insurer)).pay_by[1]
    days = Instalment.objects.order_by("number").values_list("scheduled_on", flat=True)
    assert after == [max(read, day) for day in days if day]
    assert after != before


def test_another_country_is_another_calendar(chief: Client, reviewed: Claim) -> None:
    assert chief.post(f"{ADMIN}add/", marked(country="RU")).status_code == 302
    assert follow_all(now=NOW) == 0


def test_an_edit_is_followed_until_nobody_works_with_the_calendar_of_before(chief: Client, reviewed: Claim) -> None:
    """Somebody had read the calendar before the edit and commits after the first pass."""
    before = next_on(reviewed)
    chief.post(f"{ADMIN}add/", marked(seen="1"))
    follow_all(now=NOW)
    Claim.objects.filter(pk=reviewed.pk).update(next_on=before)
    assert follow_all(now=NOW + LONGEST_ACT) == 1
    edit = CalendarEdit.objects.get()
    assert (edit.moved, edit.followed_at) == (2, NOW + LONGEST_ACT)
    assert follow_all(now=NOW + LONGEST_ACT) == 0


def test_batches_are_whole_and_together_all(reviewed: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "BATCH", 1)
    assert reviewed.claimant
    assert reviewed.policy
    for days in range(3):
        other = a_claim(reviewed.claimant, reviewed.policy)
        a_review(other, since=TODAY - timedelta(days=days))
        wind(other, now=NOW)
    CalendarDay.objects.create(country="KZ", date=A_TUESDAY, kind="off", note="…")
    assert follow("KZ") == 4
    assert follow("KZ") == 0
    for claim in Claim.objects.all():
        wanted = read_clock(clock_of(facts_of(claim)), calendar_of(claim.insurer))
        assert claim.next_on == wanted.on
