"""The messages of one's own insurers: operators send again what is parked, auditors read."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from notices.models import Delivery, Notice
from policies.models import StaffMembership
from policies.rules import StaffRole
from tests.factories import an_insurer, another_insurer
from tests.notices.conftest import write as write_unscoped
from tests.people import at_work, marat, saule, staff_browser

pytestmark = pytest.mark.django_db
LIST = reverse("admin:notices_notice_changelist")
SENT_AGAIN = AuditEvent.objects.filter(verb="sent a parked message again")


@pytest.fixture
def operator() -> Client:
    return at_work(marat(), an_insurer(), StaffRole.OPERATOR)


def write(kind: str = "password_changed", scope: str = "nsk", **changes: Any) -> Notice:
    return write_unscoped(kind, scope=scope, **changes)


def parked(**changes: Any) -> Notice:
    notice = write(**changes)
    Notice.objects.filter(pk=notice.pk).update(state="parked", answer="refused", tries=1)
    return notice


def results(page: Any) -> list[Notice]:
    return list(page.context["cl"].result_list)


def test_what_is_parked_stands_first_and_then_the_newest(operator: Client) -> None:
    bad, older, newer = parked(), write(), write()
    assert results(operator.get(LIST)) == [bad, newer, older]


def test_a_message_is_found_by_its_whole_recipient_only(operator: Client) -> None:
    notice = write(to="aigul@example.kz")
    write(to="aigul@example.kz.other.example")
    assert results(operator.get(LIST, {"q": " AIGUL@example.kz "})) == [notice]
    assert results(operator.get(LIST, {"q": "aigul"})) == []


def test_the_list_can_be_narrowed_to_a_state(operator: Client) -> None:
    bad = parked()
    write()
    assert results(operator.get(LIST, {"state__exact": "parked"})) == [bad]


def test_a_message_shows_its_tries_and_never_its_facts(operator: Client) -> None:
    notice = write("proof_code", secret=True)
    Delivery.objects.create(notice=notice, at=notice.created_at, outcome="temporary", answer="451 greylisted")
    page = operator.get(reverse("admin:notices_notice_change", args=[notice.pk])).content.decode()
    assert "451 greylisted" in page
    assert "417302" not in page


def test_nothing_can_be_added_changed_or_deleted(operator: Client) -> None:
    notice = write()
    assert operator.get(reverse("admin:notices_notice_add")).status_code == 403
    assert operator.post(reverse("admin:notices_notice_delete", args=[notice.pk])).status_code == 403
    assert operator.post(reverse("admin:notices_notice_change", args=[notice.pk]), {"to": "x"}).status_code == 403


def test_sending_again_asks_for_a_reason_first(operator: Client) -> None:
    notice = parked()
    page = operator.post(LIST, {"action": "retry", "_selected_action": [notice.pk]})
    assert "reason" in page.context["form"].fields
    notice.refresh_from_db()
    assert notice.state == "parked"


def test_an_empty_reason_sends_nothing(operator: Client) -> None:
    notice = parked()
    page = operator.post(LIST, {"action": "retry", "_selected_action": [notice.pk], "reason": " "})
    assert page.context["form"].errors
    assert not SENT_AGAIN.exists()


def test_with_a_reason_it_waits_again(operator: Client) -> None:
    notice, waiting = parked(), write()
    answer = operator.post(
        LIST, {"action": "retry", "_selected_action": [notice.pk, waiting.pk], "reason": "mailbox mended"}
    )
    assert answer.status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == ("waiting", 0)
    event = SENT_AGAIN.get()
    assert (event.reason, event.scope) == ("mailbox mended", "nsk")


def retries(browser: Client, notice: Notice) -> str:
    """The state that comes of it."""
    browser.post(LIST, {"action": "retry", "_selected_action": [notice.pk], "reason": "because"})
    notice.refresh_from_db()
    return notice.state


def test_who_may_only_look_cannot_send_again() -> None:
    auditor, notice = at_work(saule(), an_insurer(), StaffRole.AUDITOR), parked()
    assert results(auditor.get(LIST)) == [notice]
    assert retries(auditor, notice) == "parked"


def test_an_operator_here_and_auditor_there_sends_again_only_here() -> None:
    user, here, there = marat(), parked(), parked(scope=another_insurer().slug)
    operator = at_work(user, an_insurer(), StaffRole.OPERATOR)
    StaffMembership.objects.create(user=user, insurer=another_insurer(), role=StaffRole.AUDITOR)
    assert results(operator.get(LIST)) == [there, here]
    assert retries(operator, there) == "parked"
    assert retries(operator, here) == "waiting"


def test_another_insurers_messages_and_nobodys_are_superusers_only(operator: Client) -> None:
    theirs, nobodys = write(scope=another_insurer().slug, to="dana@example.kz"), write(scope="")
    for notice in (theirs, nobodys):
        assert operator.get(reverse("admin:notices_notice_change", args=[notice.pk])).status_code == 404
    assert results(operator.get(LIST)) == results(operator.get(LIST, {"q": "dana@example.kz"})) == []
    assert results(staff_browser(saule(is_superuser=True)).get(LIST)) == [nobodys, theirs]


@pytest.mark.parametrize("to", ["aigul@example.kz", "+77012344567"])
def test_a_recipient_stands_masked_on_every_page(operator: Client, to: str) -> None:
    notice = write_unscoped("proof_code", to=to, channel="email" if "@" in to else "sms", scope="nsk")
    Notice.objects.update(state="parked", answer="refused")
    asks = operator.post(LIST, {"action": "retry", "_selected_action": [notice.pk]})
    for page in (operator.get(LIST), operator.get(reverse("admin:notices_notice_change", args=[notice.pk])), asks):
        assert "•••" in page.text
        assert to not in page.text


def test_keepers_of_registers_see_no_messages() -> None:
    assert at_work(marat(), an_insurer(), StaffRole.REGISTRAR).get(LIST).status_code == 403


def test_a_visitor_is_sent_to_sign_in() -> None:
    assert Client().get(LIST).status_code == 302
