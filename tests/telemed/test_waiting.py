"""The waiting page: the place, an honest estimate, presence, the telephone (TM-31, TM-42)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from time_machine import Traveller

from accounts.models import User
from accounts.rules import IDLE_INSURED
from policies.models import Policy
from telemed.models import Consultation, PresenceSpan
from telemed.queries.waiting import Wait, wait_of
from telemed.rules import FEWEST_WAITS, LOST_AFTER, WAITS_OF, Speciality, State, Unknown
from telemed.services.presence import note_presence
from tests.factories import a_borrower
from tests.people import a_person, aigul, dana, insured_browser, oksana
from tests.queries import statements
from tests.telemed.factories import NOW, a_consultation, a_patient, an_organisation, on_duty

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_patient(user)


@pytest.fixture
def mine(user: User, policy: Policy) -> Consultation:
    an_organisation()
    return a_consultation(user, policy, queued_at=NOW - MINUTE)


def waited(
    user: User, policy: Policy, count: int, minutes: int = 6, ago: timedelta = timedelta(hours=1), **facts: Any
) -> None:
    """So many were called after so many minutes."""
    for number in range(count):
        given = {"queued_at": NOW - ago, "called_at": NOW - ago + minutes * MINUTE, "close_one": f"earlier {number}"}
        a_consultation(user, policy, State.ACCEPTED, doctor=None, **(given | facts))


def wait(user: User, mine: Consultation) -> Wait:
    found = wait_of(user, mine.public_id, now=NOW)
    assert found
    return found


# ── The place ────────────────────────────────────────────────────────────────
def test_the_place_counts_those_who_wait_longer_for_the_same_doctors(
    user: User, policy: Policy, mine: Consultation
) -> None:
    assert wait(user, mine).place == 1
    a_consultation(user, policy, close_one="earlier", queued_at=NOW - 2 * MINUTE)
    a_consultation(user, policy, close_one="later", queued_at=NOW)
    a_consultation(user, policy, close_one="child", queued_at=NOW - 3 * MINUTE, speciality=Speciality.PAEDIATRICIAN)
    a_consultation(
        user, policy, State.CALLING, close_one="called", queued_at=NOW - 3 * MINUTE, doctor=on_duty(oksana())
    )
    elsewhere = a_patient(user, a_borrower())
    a_consultation(user, elsewhere, queued_at=NOW - 3 * MINUTE)
    assert wait(user, mine).place == 2
    an_organisation(elsewhere.insurer)  # from now on the same doctors serve both insurers
    assert wait(user, mine).place == 3


def test_who_does_not_wait_has_no_place(user: User, mine: Consultation) -> None:
    Consultation.objects.update(state=State.CANCELLED)
    assert wait_of(user, mine.public_id, now=NOW) is None
    assert wait_of(dana(), mine.public_id, now=NOW) is None


# ── The estimate ─────────────────────────────────────────────────────────────
def test_the_estimate_rests_on_the_recent_waits_and_the_doctors_on_duty(
    user: User, policy: Policy, mine: Consultation
) -> None:
    assert wait(user, mine).estimate.unknown == Unknown.NO_DOCTOR
    on_duty(oksana())
    waited(user, policy, FEWEST_WAITS - 1)
    assert wait(user, mine).estimate.unknown == Unknown.NO_BASIS
    waited(user, policy, 1, close_one="the fifth")
    told = wait(user, mine).estimate
    assert (told.minutes, told.usual_minutes, told.of, told.doctors) == (5, 6, 5, 1)  # one of six minutes is over


def test_who_is_called_before_shortens_the_wait_once_and_not_twice(
    user: User, policy: Policy, mine: Consultation
) -> None:
    """Third of three with one doctor, who takes six minutes each: after one minute seventeen are left, also when the first
    one is called in it; who leaves by themselves takes no doctor."""
    doctor = on_duty(oksana())
    waited(user, policy, FEWEST_WAITS)
    first, second = (
        a_consultation(user, policy, close_one=name, queued_at=NOW - 2 * MINUTE) for name in ("first", "second")
    )
    assert (wait(user, mine).place, wait(user, mine).estimate.minutes) == (3, 17)
    Consultation.objects.filter(pk=first.pk).update(
        state=State.CALLING, doctor=doctor, called_at=NOW - MINUTE / 2, first_called_at=NOW - MINUTE / 2
    )
    assert (wait(user, mine).place, wait(user, mine).estimate.minutes) == (2, 17)
    Consultation.objects.filter(pk=second.pk).update(state=State.CANCELLED, ended_at=NOW)
    assert (wait(user, mine).place, wait(user, mine).estimate.minutes) == (1, 11)


@pytest.mark.parametrize(
    "facts", [{"ago": WAITS_OF}, {"speciality": Speciality.PAEDIATRICIAN}], ids=["too long ago", "other doctors"]
)
def test_other_waits_are_no_basis(user: User, policy: Policy, mine: Consultation, facts: dict[str, Any]) -> None:
    on_duty(oksana())
    waited(user, policy, FEWEST_WAITS, **facts)
    assert wait(user, mine).estimate.unknown == Unknown.NO_BASIS


def test_the_median_is_not_moved_by_one_long_wait(user: User, policy: Policy, mine: Consultation) -> None:
    on_duty(oksana())
    waited(user, policy, FEWEST_WAITS)
    waited(user, policy, 1, minutes=50, close_one="long")
    assert wait(user, mine).estimate.usual_minutes == 6


def test_the_page_says_what_is_known_and_what_is_not(user: User, policy: Policy, mine: Consultation) -> None:
    User.objects.update(language="en")
    page = mine.get_absolute_url()
    browser = insured_browser(user)
    assert "we do not know how long" in browser.get(page).text
    on_duty(oksana())
    waited(user, policy, FEWEST_WAITS)
    text = browser.get(page).text
    assert "in about 5 minutes" in text
    assert "Of the last 5 people half waited no longer than 6 minutes" in text
    assert 'href="tel:103"' in text


# ── What a poll costs, and what keeps the session ────────────────────────────
def test_a_poll_is_three_statements_and_a_write_once_a_minute(
    user: User, policy: Policy, mine: Consultation, clock: Traveller
) -> None:
    on_duty(oksana())
    waited(user, policy, FEWEST_WAITS)
    browser, path = insured_browser(user), f"{mine.get_absolute_url()}place/"
    browser.get(path)
    clock.shift(30)
    with statements() as made:
        assert browser.get(path).status_code == 200
    assert len(made) == 3, made
    assert not [one for one in made if one.startswith(("UPDATE", "INSERT"))]


def test_the_whole_page_has_its_budget(user: User, mine: Consultation) -> None:
    browser = insured_browser(user)
    browser.get(mine.get_absolute_url())
    with statements() as made:
        browser.get(mine.get_absolute_url())
    # Session, account, the consultation, presence, the wait, its last step, what was written, files.
    assert len(made) <= 8, made


def test_when_the_doctor_calls_the_poll_says_that_the_page_is_another_one(user: User, mine: Consultation) -> None:
    doctor = on_duty(oksana())
    Consultation.objects.update(state=State.CALLING, doctor=doctor)
    assert insured_browser(user).get(f"{mine.get_absolute_url()}place/").status_code == 204


def test_waiting_is_being_there_so_the_session_goes_on(user: User, mine: Consultation, clock: Traveller) -> None:
    browser, path = insured_browser(user), f"{mine.get_absolute_url()}place/"
    browser.get(path)
    for _ in range(3):
        clock.shift(IDLE_INSURED - MINUTE)
        assert browser.get(path).status_code == 200
    clock.shift(IDLE_INSURED)  # control: nobody was there
    assert browser.get(path).status_code == 302


def test_without_a_script_the_page_loads_itself_anew(user: User, mine: Consultation) -> None:
    page = insured_browser(user).get(mine.get_absolute_url()).text
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page


def test_who_waits_writes_to_the_doctor_also_without_a_script(user: User, mine: Consultation) -> None:
    """TM-33. A page that reloads itself would take away what is being typed."""
    browser, key = insured_browser(user), "6f0d3a52-3f57-4f6a-9a0e-0d8c7d1f2b11"
    page = browser.get(f"{mine.get_absolute_url()}?write=yes").text
    assert "http-equiv" not in page
    assert f'action="{mine.get_absolute_url()}message/"' in page
    answer = browser.post(f"{mine.get_absolute_url()}message/", {"text": "Температура 38", "key": key})
    assert answer.headers["Location"] == mine.get_absolute_url()
    assert "Температура 38" in browser.get(mine.get_absolute_url()).text


# ── Presence ─────────────────────────────────────────────────────────────────
def spans() -> list[tuple[timedelta, timedelta]]:
    return [(span.since - NOW, span.until - NOW) for span in PresenceSpan.objects.order_by("since")]


def test_presence_is_one_span_while_nothing_is_missing_for_three_minutes(mine: Consultation) -> None:
    at = [NOW, NOW + 30 * SECOND, NOW + MINUTE, NOW + MINUTE + LOST_AFTER]
    assert [note_presence(consultation=mine, now=now) for now in at] == [True, False, True, True]
    assert spans() == [(timedelta(0), MINUTE + LOST_AFTER)]


def test_a_page_that_was_away_begins_another_span(mine: Consultation) -> None:
    note_presence(consultation=mine, now=NOW)
    note_presence(consultation=mine, now=NOW + LOST_AFTER + SECOND)
    assert spans() == [(timedelta(0), timedelta(0)), (LOST_AFTER + SECOND, LOST_AFTER + SECOND)]


def test_page_and_poll_write_presence_and_a_talk_does_not(user: User, mine: Consultation, clock: Traveller) -> None:
    browser = insured_browser(user)
    browser.get(mine.get_absolute_url())
    clock.shift(60)
    browser.get(f"{mine.get_absolute_url()}place/")
    assert spans() == [(timedelta(0), MINUTE)]
    Consultation.objects.update(state=State.CANCELLED)
    clock.shift(60)
    browser.get(mine.get_absolute_url())
    assert spans() == [(timedelta(0), MINUTE)]


def test_a_strangers_look_is_nobodys_presence(mine: Consultation) -> None:
    assert insured_browser(dana()).get(mine.get_absolute_url()).status_code == 404
    assert not PresenceSpan.objects.exists()


# ── By telephone ─────────────────────────────────────────────────────────────
def presses(browser: Client, mine: Consultation, wanted: str) -> bool:
    browser.post(f"{mine.get_absolute_url()}telephone/", {"wanted": wanted})
    mine.refresh_from_db()
    return mine.by_telephone


def test_call_me_and_back(user: User, mine: Consultation) -> None:
    browser = insured_browser(user)
    assert presses(browser, mine, "yes")
    assert not presses(browser, mine, "no")
    Consultation.objects.update(state=State.CANCELLED)
    assert not presses(browser, mine, "yes")  # it is over


def test_a_stranger_sends_nobody_a_call(mine: Consultation) -> None:
    assert not presses(insured_browser(a_person("stranger@example.kz")), mine, "yes")
