"""The operator's list of messages."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.models import AuditEvent
from notices.models import Delivery, Notice
from tests.notices.conftest import write
from tests.people import staff_browser

pytestmark = pytest.mark.django_db
LIST = reverse("admin:notices_notice_changelist")


def staff(*permissions: str) -> Client:
    user = User.objects.create_user("operator@mp.example", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return staff_browser(user)


@pytest.fixture
def operator() -> Client:
    return staff("view_notice", "view_delivery", "retry_notice")


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
    assert not AuditEvent.objects.exists()


def test_with_a_reason_it_waits_again(operator: Client) -> None:
    notice, waiting = parked(), write()
    answer = operator.post(
        LIST, {"action": "retry", "_selected_action": [notice.pk, waiting.pk], "reason": "mailbox mended"}
    )
    assert answer.status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == ("waiting", 0)
    assert AuditEvent.objects.get().reason == "mailbox mended"


def test_who_may_only_look_cannot_send_again() -> None:
    notice = parked()
    staff("view_notice").post(LIST, {"action": "retry", "_selected_action": [notice.pk], "reason": "because"})
    notice.refresh_from_db()
    assert notice.state == "parked"


def test_staff_without_the_permission_see_nothing() -> None:
    assert staff().get(LIST).status_code == 403


def test_a_visitor_is_sent_to_sign_in() -> None:
    assert Client().get(LIST).status_code == 302
