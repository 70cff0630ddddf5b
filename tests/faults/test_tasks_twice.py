"""A task is delivered twice, or before another instead of after it: the end is the same (F12).

A task that finds nothing to do in this world fails its test, so a new one brings its own work into `a_world`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from accounts.services import invite_guest, send_code, set_mobile
from activation.rules import REPORT, Declared
from activation.services.declare import declare
from activation.services.mailings import start_mailing
from activation.services.remind import ask_reminder
from claims.rules.letters import LetterKind
from claims.services.calendar import note_edit
from claims.services.letters import write_letter
from core.models import CalendarDay, SentForm
from notices.models import Notice
from notices.services import delivery
from notices.services.claims import Claimed
from policies.models import Organisation
from policies.rules import ContractKind
from policies.services.appendix import want_appendix_1
from portal.celery import app
from telemed.models import CallSignal
from telemed.rules import State
from telemed.services.drafts import keep_draft
from tests.accounts.sms import OTHER as OTHER_PHONE
from tests.accounts.sms import with_mobile
from tests.activation.door import Visitor
from tests.claims.factories import a_certificate, a_checklist, a_claim, an_insured
from tests.claims.paying import decided, monthly, ordered
from tests.conftest import empty_tables
from tests.core.uploads.conftest import disk
from tests.core.uploads.sending import sent as file_sent
from tests.factories import a_borrower, a_policy, an_insurer
from tests.notices.conftest import BRAND, write
from tests.peers.smtp import MailServer
from tests.people import a_person, aigul
from tests.policies.registers import NOW, OTHER, ROW, applied, as_csv, received
from tests.telemed.after import a_talk, sent
from tests.telemed.factories import a_booking, a_consultation, a_doctor, a_patient, a_specialist

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures(disk.__name__),
]
LATER = NOW + timedelta(days=130)  # every link is dead, every counter over, every row old enough to be forgotten

app.loader.import_default_modules()
TASKS = sorted(name for name in app.tasks if not name.startswith("celery."))
IN_SOME_ORDER = {"forwards": TASKS, "backwards": TASKS[::-1], "from the middle": TASKS[4:] + TASKS[:4]}


def a_world() -> None:
    """As it was on NOW."""
    with time_machine.travel(NOW):
        a_policy("4410027531")
        Visitor().begins("4410027531")  # …and never opens the letter
        send_code(
            phone=OTHER_PHONE, purpose="a test", browser="b", source="10.0.0.1", language="ru", brand=BRAND, now=NOW
        )
        set_mobile(user=with_mobile("moves@example.kz"), phone=OTHER_PHONE, brand=BRAND, now=NOW)
        delivery.deliver_batch(now=timezone.now())
        ask_reminder(policy=a_policy("4410027599"), email="d@example.kz", language="kk", by=None, now=NOW)
        keep_draft(user=a_person("asks@example.kz"), answers={"complaint": "…"}, now=NOW)
        write(to="waits@example.kz")
        applied(as_csv(ROW | {"ID": "4410027540"}))
        received(as_csv(OTHER))
        want_appendix_1(
            policy=a_policy("КИ-1", insurer=an_insurer("kazakhinstrakh")), language="kk", to="a@example.kz",
            activated_on=NOW.date(), cover_from=date(2026, 12, 6), cover_until=date(2027, 12, 5), now=NOW,
        )  # fmt: skip
        keeper = a_person("keeper@nsk.kz", is_staff=True)
        colleague = a_policy("4410027601", kind=ContractKind.CORPORATE, email="colleague@alma.kz")
        start_mailing(
            product=colleague.product_version.product, organisation=Organisation.objects.get(parties__policy=colleague),
            pace=600, language="ru", by=keeper, now=NOW,
        )  # fmt: skip
        declare(
            user=aigul(), insurer=an_insurer("sogaz"), declared=Declared("Смирнова", "Ольга", "", date(1968, 5, 20)),
            passport="", texts=[], language="ru", now=NOW,
        )  # fmt: skip
        patient = a_person("books@example.kz")
        a_booking(
            patient, a_patient(patient, a_policy("4410027602")), a_specialist(a_person("doctor@example.kz", is_staff=True)),
            NOW + timedelta(days=1), state=State.UNPAID, asked_at=NOW,
        )  # fmt: skip
        sent(a_talk(a_person("talks@example.kz")), at=NOW)
        a_call_that_nobody_answers()
        a_claim_that_is_paid_by_the_month()
        file_sent(patient, now=NOW)
        invite_guest(
            contact="hr@alma.kz", purpose=REPORT, subject=colleague.public_id, about="ТОО «Алма»", by=keeper, language="ru",
            brand=BRAND, scope="nsk", until=NOW + timedelta(days=1), now=NOW,
        )  # fmt: skip
        SentForm.objects.create(key="sent", path="/", sent_at=NOW)
        Session.objects.create(session_key="ended", session_data="", expire_date=NOW)


def a_call_that_nobody_answers() -> None:
    user = a_person("called@example.kz")
    doctor = a_doctor(a_person("calls@example.kz", is_staff=True), slug="who-calls")
    policy = a_patient(user, a_policy("4410027603"))
    called = a_consultation(user, policy, State.CALLING, doctor=doctor, called_at=NOW)
    CallSignal.objects.create(consultation=called, side="doctor", peer="a", kind="hello", at=NOW)


def a_claim_that_is_paid_by_the_month() -> None:
    """A letter about it has yet to be drawn, the calendar was edited, and the disability is to be certified anew soon."""
    user = a_person("claims@example.kz")
    policy = a_borrower("4410027604", cover_starts_on=NOW.date() - timedelta(days=100))
    claim = a_claim(user, an_insured(user, policy))
    a_checklist(claim)
    a_certificate(claim, until=LATER.date() + timedelta(days=10))
    decided(monthly(3), claim=claim)
    ordered(claim)
    write_letter(claim=claim, kind=LetterKind.TAKEN_UP, now=NOW)
    CalendarDay.objects.create(country="KZ", date=date(2026, 11, 24), kind="off")
    note_edit(country="KZ", date=date(2026, 11, 24), mark="off", note="", seen=1, by=user, now=NOW)


Facts = dict[str, Counter[str]]


def facts() -> Facts:
    """All rows of tables, without what differs from world to world: keys, instants, nonces and hashes."""
    return {model._meta.label: Counter(map(told, rows_of(model))) for model in apps.get_models() if model._meta.managed}


def rows_of(model: type[models.Model]) -> models.QuerySet[Any, tuple[Any, ...]]:
    untold = (models.AutoField, models.ForeignKey, models.DateTimeField, models.UUIDField, models.FileField)
    told = (field for field in model._meta.concrete_fields if not isinstance(field, untold))
    fields = [
        field.name for field in told if field.name not in ("code", "size")
    ]  # of a conclusion: drawn, and in its PDF
    return model._default_manager.values_list(*fields)


def told(row: tuple[Any, ...]) -> str:
    return re.sub(r"[0-9a-f-]{32,}|argon2\S+", "…", repr(row))


@pytest.mark.parametrize("name", TASKS)
def test_a_task_run_twice_leaves_what_it_leaves_once(name: str, mail_server: MailServer) -> None:
    a_world()
    before = facts()
    with time_machine.travel(LATER):
        app.tasks[name]()
        once, letters = facts(), Counter(mail_server.keys)
        app.tasks[name]()
    assert once != before, "bring work for this task into a_world"
    assert (facts(), Counter(mail_server.keys)) == (once, letters)


def test_in_whatever_order_tasks_run_they_come_to_the_same_end(mail_server: MailServer) -> None:
    ends = {}
    for way, order in IN_SOME_ORDER.items():
        empty_tables(None)  # type: ignore[arg-type]  # a method of Django's that needs no self
        mail_server.letters.clear()
        a_world()
        come_to_rest(order)
        ends[way] = facts() | {"letters": Counter(letter["To"] for letter in mail_server.letters)}
    for way in ("backwards", "from the middle"):
        assert told_apart(ends["forwards"], ends[way]) == {}, way


def told_apart(one: Facts, other: Facts) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """What only the one has, and only the other."""
    return {name: (one[name] - other[name], other[name] - one[name]) for name in one if one[name] != other[name]}


def come_to_rest(order: Sequence[str]) -> None:
    """First what is due at once, then what only time brings: a file that nobody wants is forgotten, checked or not."""
    for moment in (NOW + timedelta(hours=1), LATER):
        before = None
        with time_machine.travel(moment):
            while (now := facts()) != before:
                before = now
                for name in order:
                    app.tasks[name]()


def test_without_the_claim_the_second_run_would_send_every_letter_again(
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control: rows that are looked at and not taken."""

    def looks(now: Any, lease: Any, size: int) -> list[Claimed]:
        rows = Notice.objects.order_by("pk")[:size]
        return [Claimed._make(getattr(row, name, False) for name in Claimed._fields) for row in rows]

    monkeypatch.setattr(delivery, "claim", looks)
    write(to="waits@example.kz")
    for _ in range(2):
        delivery.deliver_batch(now=timezone.now())
    assert Counter(mail_server.keys).most_common(1)[0][1] == 2
