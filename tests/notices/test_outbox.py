"""Writing, taking back, sending again, forgetting."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.models import AuditEvent
from notices.models import Notice
from notices.rules import SECRETS_LIVE, State
from notices.services import NotParked, forget_old, post, retry_parked, withdraw
from tests.notices.conftest import BRAND, FACTS, write

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_message_is_one_row_and_one_query() -> None:
    write()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        notice = write()
    assert len(queries) == 1
    assert (notice.state, notice.tries, notice.to) == ("waiting", 0, "aigul@example.kz")


def test_a_transaction_that_rolls_back_leaves_no_message() -> None:
    with transaction.atomic():
        write()
        assert Notice.objects.exists()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_a_message_may_wait_for_its_day() -> None:
    assert write(not_before=NOON).next_try_at == NOON


def test_the_same_occasion_is_told_once() -> None:
    first = write(once="opens:42")
    assert first.pk
    again = post("password_changed", to="b@example.kz", language="kk", context={"brand": BRAND}, once="opens:42")
    assert again is None
    assert Notice.objects.get().to == "aigul@example.kz"


def test_a_second_telling_does_not_break_the_callers_transaction() -> None:
    write(once="opens:42")
    with transaction.atomic():
        post("password_changed", to="b@example.kz", language="kk", context={"brand": BRAND}, once="opens:42")
        write()
    assert Notice.objects.count() == 2


def test_without_an_occasion_everything_is_told() -> None:
    write()
    write()
    assert Notice.objects.count() == 2


@pytest.mark.parametrize("state", [State.WAITING, State.PARKED])
def test_a_message_that_has_not_left_can_be_taken_back(state: State) -> None:
    write(once="opens:42")
    Notice.objects.update(state=state)
    assert withdraw(once="opens:42")
    assert write(once="opens:42").pk


def test_a_message_in_a_workers_hands_cannot() -> None:
    write(once="opens:42")
    Notice.objects.update(state=State.CLAIMED, leased_until=NOON)
    assert not withdraw(once="opens:42")
    Notice.objects.update(state=State.SENT, leased_until=None, answer="accepted")
    assert not withdraw(once="opens:42")
    assert Notice.objects.count() == 1


def test_another_occasion_is_not_taken_back() -> None:
    write(once="opens:42")
    assert not withdraw(once="opens:4")


def operator() -> User:
    return User.objects.create_user("operator@example.kz", is_staff=True)


def test_an_operator_sends_a_parked_message_again_and_says_why() -> None:
    notice = write()
    Notice.objects.update(state=State.PARKED, tries=31)
    by = operator()
    retry_parked(notice=notice, by=by, reason="the mailbox is no longer full")
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == (State.WAITING, 0)
    assert notice.next_try_at <= timezone.now()
    event = AuditEvent.objects.get()
    assert (event.actor, event.object_id, event.reason) == (by, str(notice.pk), "the mailbox is no longer full")


@pytest.mark.parametrize("changes", [{"state": "waiting"}, {"context": {}}, {"to": ""}])
def test_nothing_else_can_be_sent_again(changes: dict[str, Any]) -> None:
    notice = write()
    Notice.objects.update(**{"state": State.PARKED} | changes)
    with pytest.raises(NotParked):
        retry_parked(notice=notice, by=operator(), reason="again")
    assert not AuditEvent.objects.exists()


def test_what_was_sent_is_forgotten_after_90_days_and_not_before() -> None:
    with time_machine.travel(NOON, tick=False):
        write(once="opens:42")
    Notice.objects.update(state=State.SENT, answer="accepted")
    assert forget_old(now=NOON + timedelta(days=90)) == 0
    assert forget_old(now=NOON + timedelta(days=90, seconds=1)) == 1
    notice = Notice.objects.get()
    assert (notice.to, notice.context, notice.once) == ("", {}, "opens:42")


def test_what_still_waits_is_not_forgotten() -> None:
    with time_machine.travel(NOON, tick=False):
        write()
    assert forget_old(now=NOON + timedelta(days=900)) == 0


def test_a_secret_that_never_left_is_parked_and_wiped_when_its_link_is_dead() -> None:
    with time_machine.travel(NOON, tick=False):
        write("password_reset", secret=True)
        write("password_changed")
    assert forget_old(now=NOON + SECRETS_LIVE) == 0
    assert forget_old(now=NOON + SECRETS_LIVE + timedelta(seconds=1)) == 1
    notice = Notice.objects.get(secret=True)
    assert (notice.state, notice.context, notice.to) == (State.PARKED, {}, "aigul@example.kz")


def test_forgetting_twice_is_the_same_as_once() -> None:
    with time_machine.travel(NOON, tick=False):
        write()
    Notice.objects.update(state=State.PARKED)
    assert forget_old(now=NOON + timedelta(days=91)) == 1
    assert forget_old(now=NOON + timedelta(days=91)) == 0


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": "claimed"},
        {"leased_until": NOON},
        {"to": ""},
        {"state": "sent"},
        {"state": "sent", "answer": "accepted", "secret": True},
        {"state": "sent", "answer": "accepted", "forget": True},
    ],
)
def test_the_database_refuses_what_does_not_agree(impossible: dict[str, Any]) -> None:
    write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(**impossible)


def test_a_fact_may_be_given_as_a_date() -> None:
    facts = FACTS["confirm_address"] | {"expires_on": NOON.date(), "brand": BRAND}
    notice = post("confirm_address", to="a@b.kz", language="ru", context=facts)
    assert notice is not None
    notice.refresh_from_db()
    assert notice.context["expires_on"] == "2026-11-21"
