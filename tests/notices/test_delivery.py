"""The worker's round, with real peers behind it."""

import math
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from notices.gateways.base import Temporary
from notices.gateways.smtp import Smtp
from notices.models import Delivery, Notice
from notices.rules import LEASE, MISCONFIGURED_PAUSE, PAUSES, Answer, State
from notices.services import Outcome, deliver_batch, delivery, retry_parked
from notices.services.claims import claim
from tests.notices.conftest import write, write_sms
from tests.peers.smsc import SmsGateway
from tests.peers.smtp import MailServer

pytestmark = pytest.mark.django_db


def a_round(later: timedelta = timedelta(0), **changes: Any) -> Outcome:
    return deliver_batch(now=timezone.now() + later, **changes)


def test_a_letter_is_handed_over_and_the_answer_kept(mail_server: MailServer) -> None:
    notice = write()
    outcome = a_round()
    assert (outcome.claimed, outcome.accepted) == (1, 1)
    notice.refresh_from_db()
    assert (notice.state, notice.leased_until, notice.tries, notice.answer) == ("sent", None, 1, "accepted")
    delivery = Delivery.objects.get()
    assert (delivery.notice, delivery.outcome, delivery.provider_id) == (notice, "accepted", "000001")
    assert mail_server.keys == [f"<{notice.public_id}@mp.example>"]


def test_a_second_round_has_nothing_to_do(mail_server: MailServer) -> None:
    write()
    a_round()
    assert a_round().claimed == 0
    assert len(mail_server.letters) == 1


def test_a_round_costs_as_many_queries_for_fifty_letters_as_for_one(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SLICE_SECONDS", math.inf)  # on a busy machine fifty take several slices
    counts = []
    for letters in (1, 50):
        for _ in range(letters):
            write()
        with CaptureQueriesContext(connection) as queries:
            a_round()
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("seconds", "leaves"), [(1, True), (0, False)])
def test_what_would_come_too_late_is_parked_and_does_not_leave(
    mail_server: MailServer, seconds: int, leaves: bool
) -> None:
    dies_at = timezone.now() + timedelta(minutes=1)
    notice = write("proof_code", not_after=dies_at, secret=True)
    deliver_batch(now=dies_at - timedelta(seconds=seconds))
    notice.refresh_from_db()
    assert bool(mail_server.letters) is leaves
    assert (notice.state == State.PARKED) is not leaves


def test_what_is_not_due_waits(mail_server: MailServer) -> None:
    day = timezone.now() + timedelta(days=3)
    write(not_before=day)
    assert deliver_batch(now=day - timedelta(seconds=1)).claimed == 0
    assert deliver_batch(now=day).accepted == 1


def test_a_round_takes_no_more_than_its_size_and_the_oldest_first(mail_server: MailServer) -> None:
    notices = [write() for _ in range(3)]
    assert a_round(size=2).claimed == 2
    assert mail_server.keys == [f"<{notice.public_id}@mp.example>" for notice in notices[:2]]


def test_secrets_and_forgotten_recipients_are_wiped_only_when_handed_over(mail_server: MailServer) -> None:
    notice = write("password_reset", secret=True, forget=True)
    mail_server.mode = "451"
    a_round()
    notice.refresh_from_db()
    assert (notice.to, bool(notice.context)) == ("aigul@example.kz", True)
    mail_server.mode = "accept"
    a_round(PAUSES[0] * 2)
    notice.refresh_from_db()
    assert (notice.state, notice.to, notice.context) == ("sent", "", {})


def test_what_is_no_secret_stays(mail_server: MailServer) -> None:
    notice = write()
    a_round()
    notice.refresh_from_db()
    assert (notice.to, bool(notice.context)) == ("aigul@example.kz", True)


def test_a_kazakh_recipient_reads_kazakh_while_russian_is_active(mail_server: MailServer) -> None:
    write("policy_activated", language="kk")
    with translation.override("ru"):
        a_round()
    assert "2026 жылғы 1 желтоқсанда" in mail_server.letters[0]["Subject"]
    assert mail_server.letters[0]["Content-Language"] == "kk"


def test_a_temporary_answer_is_tried_again_after_a_growing_pause(mail_server: MailServer) -> None:
    notice = write()
    mail_server.mode = "451"
    now = timezone.now()
    for tries, pause in enumerate(PAUSES[:4], start=1):
        deliver_batch(now=now)
        notice.refresh_from_db()
        assert (notice.state, notice.tries, notice.answer) == ("waiting", tries, "temporary")
        assert notice.next_try_at == now + pause
        assert deliver_batch(now=now + pause - timedelta(seconds=1)).claimed == 0
        now += pause


def test_after_24_hours_of_trying_it_is_parked(mail_server: MailServer) -> None:
    notice = write()
    mail_server.mode = "451"
    Notice.objects.update(tries=len(PAUSES))
    a_round()
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == ("parked", len(PAUSES) + 1)
    assert "451 4.7.1" in Delivery.objects.get().answer


def test_a_final_refusal_is_parked_at_once_and_the_operator_is_told(
    mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    notice = write()
    mail_server.mode = "550"
    a_round()
    notice.refresh_from_db()
    assert (notice.state, notice.answer) == ("parked", "refused")
    assert "1 notices parked" in caplog.text
    assert notice.to not in caplog.text


def test_our_own_mistake_is_tried_slowly_and_costs_no_try(
    mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    notice = write()
    mail_server.mode = "sender"
    now = timezone.now()
    deliver_batch(now=now)
    notice.refresh_from_db()
    assert (notice.state, notice.tries, notice.answer) == ("waiting", 0, "misconfigured")
    assert notice.next_try_at == now + MISCONFIGURED_PAUSE
    assert "1 met wrong settings" in caplog.text


def test_a_parked_letter_sent_again_by_an_operator_leaves(mail_server: MailServer, django_user_model: Any) -> None:
    notice = write()
    mail_server.mode = "550"
    a_round()
    mail_server.mode = "accept"
    retry_parked(notice=notice, by=django_user_model.objects.create_user("o@mp.example"), reason="mended")
    assert a_round().accepted == 1


def test_poison_rows_among_a_thousand_park_only_themselves(mail_server: MailServer) -> None:
    sample = write()
    Notice.objects.bulk_create(
        Notice(kind=sample.kind, channel="email", to="b@example.kz", language="kk", context=sample.context)
        for _ in range(999)
    )
    bad_context, no_template = Notice.objects.order_by("pk")[10:12]
    Notice.objects.filter(pk=bad_context.pk).update(context={"brand": None})
    Notice.objects.filter(pk=no_template.pk).update(kind="no_such_kind")
    rounds = [a_round(), a_round(), a_round()]
    assert [outcome.claimed for outcome in rounds] == [500, 500, 0]
    assert len(set(mail_server.keys)) == len(mail_server.keys) == 998
    assert set(Notice.objects.filter(state=State.PARKED)) == {bad_context, no_template}
    answers = Delivery.objects.filter(outcome="refused").order_by("notice").values_list("answer", flat=True)
    assert list(answers) == ["TypeError", "TemplateDoesNotExist"]


def test_a_fault_in_the_gateway_itself_holds_up_nobody_else(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = write(to="bad@example.kz"), write()
    deliver = Smtp.deliver

    def breaks_on_one(gateway: Any, message: Any) -> Any:
        if message.to == "bad@example.kz":
            raise RuntimeError("bad@example.kz")
        return deliver(gateway, message)

    monkeypatch.setattr("notices.gateways.smtp.Smtp.deliver", breaks_on_one)
    outcome = a_round()
    assert (outcome.accepted, outcome.temporary) == (1, 1)
    assert Delivery.objects.get(notice=bad).answer == "RuntimeError"
    assert Delivery.objects.get(notice=good).outcome == "accepted"


def test_a_server_that_is_down_is_asked_once_a_round(settings: Any, mail_server: MailServer) -> None:
    for _ in range(30):
        write()
    settings.EMAIL_TIMEOUT = 0.2
    mail_server.mode = "slow"
    assert a_round().temporary == 30
    assert mail_server.connections <= 1
    assert Delivery.objects.count() == 30


def test_an_sms_does_not_wait_for_the_mail_server(
    settings: Any, mail_server: MailServer, sms_gateway: SmsGateway
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    mail_server.mode = "slow"
    write()
    write_sms()
    outcome = a_round()
    assert (outcome.accepted, outcome.temporary) == (1, 1)
    assert sms_gateway.sent[0]["mes"].startswith("417302")


def test_an_sms_whose_answer_was_lost_is_asked_for_and_not_sent_twice(sms_gateway: SmsGateway) -> None:
    notice = write_sms()
    sms_gateway.mode = "lost"
    assert a_round().temporary == 1
    sms_gateway.mode = "ok"
    assert a_round(PAUSES[0] * 2).accepted == 1
    assert len(sms_gateway.sent) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == ("sent", 2)


def test_when_time_runs_out_the_rest_is_left_for_the_next_round(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        write()
    monkeypatch.setattr(delivery, "BATCH_TIME", timedelta(seconds=-1))
    outcome = a_round()
    assert (outcome.claimed, outcome.accepted) == (3, 0)
    assert set(Notice.objects.values_list("state", "tries", "leased_until")) == {("waiting", 0, None)}
    assert not Delivery.objects.exists()
    monkeypatch.undo()
    assert a_round().accepted == 3


def test_a_lease_is_respected_until_it_runs_out(mail_server: MailServer) -> None:
    notice = write()
    now = timezone.now()
    claim(now=now, lease=now + LEASE, size=500)
    assert deliver_batch(now=now + LEASE - timedelta(seconds=1)).claimed == 0
    assert deliver_batch(now=now + LEASE).accepted == 1
    notice.refresh_from_db()
    assert notice.tries == 2


def test_a_worker_that_outlived_its_lease_changes_nothing(mail_server: MailServer) -> None:
    write()
    now = timezone.now()
    claimed = claim(now=now, lease=now + LEASE, size=500)
    claim(now=now + LEASE, lease=now + 2 * LEASE, size=500)
    delivery._settle([delivery.Result(claimed[0], Answer.REFUSED, "late")], now, now + LEASE)
    notice = Notice.objects.get()
    assert (notice.state, notice.leased_until) == ("claimed", now + 2 * LEASE)
    assert Delivery.objects.get().answer == "late"


def test_a_row_that_keeps_killing_its_workers_is_parked(mail_server: MailServer) -> None:
    notice = write()
    Notice.objects.update(state="claimed", leased_until=timezone.now(), tries=len(PAUSES) + 1)
    a_round()
    notice.refresh_from_db()
    assert notice.state == "parked"
    assert mail_server.letters == []


def test_an_answer_with_bytes_that_postgresql_refuses_is_kept_without_them(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    words = "450 \0busy\r\n" + "x" * 500
    monkeypatch.setattr("notices.gateways.smtp.Smtp.deliver", lambda *_: (_ for _ in ()).throw(Temporary(words)))
    a_round()
    assert Delivery.objects.get().answer.startswith("450 busy xx")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_round_inside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        a_round()


def test_results_are_written_while_the_round_goes_on(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        write()
    monkeypatch.setattr(delivery, "SLICE", 2)
    monkeypatch.setattr(delivery, "SLICE_SECONDS", math.inf)
    sent_so_far = []
    settle = delivery._settle

    def watching(*args: Any) -> None:
        settle(*args)
        sent_so_far.append(Notice.objects.filter(state="sent").count())

    monkeypatch.setattr(delivery, "_settle", watching)
    a_round()
    assert sent_so_far == [2, 4, 5]
