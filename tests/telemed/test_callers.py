"""A patient calls and cancels (TM-40): found by what they can say, judged by when they said it, warned, written down."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from time_machine import Traveller

from accounts.models import User
from core.models import AuditEvent
from notices.models import Notice
from policies.models import Policy, RenderedConsultation
from policies.rules import StaffRole
from telemed.models import Consultation, ConsultationStep
from telemed.rules import State, said_at
from tests.factories import a_borrower, an_insurer
from tests.forms import sends
from tests.people import a_member, aigul, staff_browser, yerlan
from tests.telemed.factories import NOW, a_booking, a_consultation, a_patient, a_specialist

pytestmark = pytest.mark.django_db
CALLERS = "/assistance/callers/"
ALMATY = ZoneInfo("Asia/Almaty")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_patient(user, a_borrower())


@pytest.fixture
def booking(user: User, policy: Policy) -> Consultation:
    """Asked for the day before, for tomorrow at this second: the last at which it is free."""
    return a_booking(user, policy, a_specialist(yerlan(), insurer=policy.insurer), NOW + DAY, asked_at=NOW - DAY)


@pytest.fixture
def operator(policy: Policy) -> Client:
    user = a_member(StaffRole.OPERATOR, policy.insurer, "marat@example.kz")
    User.objects.filter(pk=user.pk).update(language="en")
    return staff_browser(user)


def page_of(consultation: Consultation) -> str:
    return f"{CALLERS}{consultation.public_id}/"


def said(clock: str = "12:00", **more: str) -> dict[str, str]:
    """Noon in Almaty is now."""
    return {"said_at": clock, "reason": "Заболел ребёнок"} | more


def state_of(consultation: Consultation) -> str:
    consultation.refresh_from_db()
    return str(consultation.state)


# ── Found ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("by", ["+77012345678", "8 701 234-56-78", "its number"])
def test_a_consultation_is_found_by_what_the_caller_can_say(operator: Client, booking: Consultation, by: str) -> None:
    page = operator.post(CALLERS, {"said": booking.number.lower() if by == "its number" else by}).text
    assert f'href="{page_of(booking)}"' in page
    assert booking.complaint not in page


@pytest.mark.parametrize(("by", "told"), [("+77012345679", "Nothing is found"), ("0000AAAA", "Nothing is found")])
def test_what_is_not_there_is_not_found(operator: Client, booking: Consultation, by: str, told: str) -> None:
    page = operator.post(CALLERS, {"said": by}).text
    assert told in page
    assert booking.number not in page


def test_what_is_no_number_is_said_so(operator: Client, booking: Consultation) -> None:
    assert 'class="field bad"' in operator.post(CALLERS, {"said": "Айгуль"}).text


@pytest.mark.parametrize("state", [State.TALKING, State.CONCLUDED, State.CANCELLED])
def test_what_cannot_be_cancelled_is_not_listed(operator: Client, booking: Consultation, state: State) -> None:
    Consultation.objects.update(state=state, channel="video", began_at=NOW, ended_at=NOW)
    assert "Nothing is found" in operator.post(CALLERS, {"said": booking.phone}).text
    assert operator.get(page_of(booking)).headers["Location"] == CALLERS
    assert sends(operator, page_of(booking), said()).headers["Location"] == CALLERS
    assert state_of(booking) == state


# ── Judged by the call ───────────────────────────────────────────────────────
def test_v18_who_called_in_time_pays_nothing_although_it_is_written_down_later(
    operator: Client, booking: Consultation, clock: Traveller
) -> None:
    clock.shift(timedelta(hours=2))
    assert sends(operator, page_of(booking), said("12:00")).headers["Location"] == CALLERS
    assert state_of(booking) == State.CANCELLED
    step, event = ConsultationStep.objects.get(), AuditEvent.objects.get(verb="cancelled a consultation for a caller")
    assert (step.at, step.reason) == (NOW + timedelta(hours=2), "Заболел ребёнок")
    assert datetime.fromisoformat(step.detail["asked_at"]) == datetime.fromisoformat(event.detail["said_at"]) == NOW
    assert (event.actor, event.scope, event.reason) == (step.by, booking.insurer.slug, "Заболел ребёнок")
    assert {notice.channel for notice in Notice.objects.filter(kind="consultation_cancelled")} == {"sms", "email"}


def test_v18_who_called_a_minute_later_is_warned_first_and_it_counts_as_rendered(
    operator: Client, booking: Consultation, clock: Traveller
) -> None:
    drawn_in_time = operator.get(page_of(booking)).text
    assert "cancels free of charge" in drawn_in_time
    clock.shift(60)
    answer = sends(operator, page_of(booking), said("12:01"))
    assert "Read this to the caller" in answer.text
    assert 'name="warned"' in answer.text
    assert "Заболел ребёнок" in answer.text  # nothing is typed twice
    assert state_of(booking) == State.BOOKED
    sends(operator, page_of(booking), said("12:01", warned="yes"))
    assert state_of(booking) == State.CANCELLED_LATE
    assert RenderedConsultation.objects.get().reference == booking.public_id


def test_what_is_urgent_is_free(operator: Client, user: User, policy: Policy) -> None:
    waiting = a_consultation(user, policy)
    assert "free of charge until the talk begins" in operator.get(page_of(waiting)).text
    sends(operator, page_of(waiting), said())
    assert state_of(waiting) == State.CANCELLED


@pytest.mark.parametrize(
    "answers", [{"said_at": "12:00"}, {"reason": "x"}, {"said_at": "noon", "reason": "x"}, {"said_at": "12:00", "reason": " "}]
)  # fmt: skip
def test_without_time_or_reason_nothing_happens(
    operator: Client, booking: Consultation, answers: dict[str, str]
) -> None:
    assert sends(operator, page_of(booking), answers).status_code == 200
    assert state_of(booking) == State.BOOKED


def test_nobody_has_called_before_anything_was_asked_for(operator: Client, booking: Consultation) -> None:
    Consultation.objects.update(asked_at=NOW - timedelta(minutes=5))  # 11:55
    assert "nothing was asked for yet" in sends(operator, page_of(booking), said("11:54")).text
    assert state_of(booking) == State.BOOKED
    assert sends(operator, page_of(booking), said("11:55")).status_code == 302


@pytest.mark.parametrize(
    ("clock", "at"),
    [
        (time(12, 0), datetime(2026, 11, 21, 7, 0, tzinfo=UTC)),  # this minute
        (time(12, 1), datetime(2026, 11, 20, 7, 1, tzinfo=UTC)),  # has not come yet: yesterday's
        (time(0, 0), datetime(2026, 11, 20, 19, 0, tzinfo=UTC)),
    ],
)
def test_a_time_of_the_clock_is_the_last_moment_that_showed_it(clock: time, at: datetime) -> None:
    assert said_at(clock, now=NOW.astimezone(ALMATY)) == at


# ── Who may ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", StaffRole)
def test_who_answers_the_telephone_may_and_others_may_not(
    policy: Policy, booking: Consultation, role: StaffRole
) -> None:
    browser = staff_browser(a_member(role, policy.insurer, "somebody@example.kz"))
    may = role in (StaffRole.OPERATOR, StaffRole.COORDINATOR)
    for answer in (browser.get(CALLERS), browser.get(page_of(booking))):
        assert answer.status_code == (200 if may else 403)
    assert sends(browser, page_of(booking), said()).status_code == (302 if may else 403)


def test_at_another_insurer_nothing_is_found(booking: Consultation) -> None:
    elsewhere = staff_browser(a_member(StaffRole.OPERATOR, an_insurer("sogaz"), "other@example.kz"))
    assert booking.number not in elsewhere.post(CALLERS, {"said": booking.phone}).text
    assert sends(elsewhere, page_of(booking), said()).status_code == 404
    assert state_of(booking) == State.BOOKED
