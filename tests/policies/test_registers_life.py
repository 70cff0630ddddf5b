"""The life of a register: who decides, what is written down, and what a power cut leaves behind."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from policies.models import Policy, RegisterRow
from policies.rules.registers import MOST_TRIES, WrongMoment
from policies.services import register_apply, register_check
from policies.services.register_work import work_on_next
from policies.services.registers import confirm_register, discard_register, forget_old_rows
from tests.policies.registers import (
    NOW,
    OTHER,
    ROW,
    applied,
    as_csv,
    as_xlsx,
    checked,
    digest,
    outcomes,
    received,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def test_nothing_happens_between_the_check_and_a_persons_word() -> None:
    register = checked(as_csv(ROW))
    assert not work_on_next(now=NOW)
    assert not Policy.objects.exists()
    discard_register(register=register, by=register.uploaded_by, now=NOW)
    assert not work_on_next(now=NOW)
    with pytest.raises(WrongMoment):
        confirm_register(register=register, by=register.uploaded_by, now=NOW)


def test_a_decision_is_made_once() -> None:
    register = checked(as_csv(ROW))
    confirm_register(register=register, by=register.uploaded_by, now=NOW)
    for decide in (confirm_register, discard_register):
        with pytest.raises(WrongMoment):
            decide(register=register, by=register.uploaded_by, now=NOW)


def test_who_did_what_is_written_down() -> None:
    register = applied(as_csv(ROW))
    assert [step.event for step in register.steps.order_by("pk")] == ["receive", "begin", "check", "confirm", "apply"]
    verbs = AuditEvent.objects.filter(object_type="policies.Register").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["uploaded a register", "confirmed a register", "applied a register"]


def test_a_file_that_is_no_register_has_a_state_and_a_reason_and_no_rows() -> None:
    register = checked(b"ID;Surname;Birth date\n1;Kim;")
    assert (register.state, register.unreadable_reason) == ("unreadable", "missing_columns")
    assert "Contract kind" in register.unreadable_words or "Вид договора" in register.unreadable_words
    assert not RegisterRow.objects.exists()


def test_a_fault_in_the_last_row_leaves_no_row() -> None:
    register = checked(as_csv(ROW, OTHER) + b'9;"' + b"x" * 200_000)
    assert (register.state, register.unreadable_reason) == ("unreadable", "quotes")
    assert not RegisterRow.objects.exists()


def test_a_header_alone_is_refused() -> None:
    assert checked(as_csv(ROW).splitlines(keepends=True)[0]).unreadable_reason == "no_rows"


def test_unknown_columns_are_named_and_do_no_harm() -> None:
    register = checked(as_csv(ROW | {"Рост": "170"}))
    assert (register.ignored_columns, outcomes(register)) == (["Рост"], {"new": 1})


def test_a_workbook_goes_the_same_way() -> None:
    applied(as_xlsx(list(ROW), list(ROW.values())), name="r.xlsx")
    assert Policy.objects.get().insured_id == ROW["ID"]


@pytest.mark.parametrize(("age", "left"), [(timedelta(days=90), 2), (timedelta(days=90, seconds=1), 1)])
def test_rows_are_forgotten_90_days_after_the_end_and_waiting_ones_never(age: timedelta, left: int) -> None:
    ended = applied(as_csv(ROW))
    checked(as_csv(OTHER))
    forget_old_rows(now=NOW + age)
    assert RegisterRow.objects.count() == left
    assert ended.file.open("rb").read() == as_csv(ROW)


class Killed(BaseException):
    """As a power cut."""


@pytest.mark.parametrize("stage", ["check", "apply"])
def test_killed_in_the_middle_leaves_nothing_and_begins_anew(monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    register = received(as_csv(ROW, OTHER)) if stage == "check" else checked(as_csv(ROW, OTHER))
    if stage == "apply":
        confirm_register(register=register, by=register.uploaded_by, now=NOW)
    before = digest()

    def die(*args: object, **facts: object) -> None:
        raise Killed

    with monkeypatch.context() as power_cut:
        power_cut.setattr(register_check if stage == "check" else register_apply, "count_rows", die)
        with pytest.raises(Killed):
            work_on_next(now=NOW)
    register.refresh_from_db()
    assert register.state == ("checking" if stage == "check" else "applying")
    assert digest() == before
    assert work_on_next(now=NOW)
    register.refresh_from_db()
    assert (register.state, register.new) == ("checked" if stage == "check" else "applied", 2)


@pytest.mark.parametrize(("stage", "ends"), [("check", "unreadable"), ("apply", "checked")])
def test_what_fails_three_times_is_left_to_people(monkeypatch: pytest.MonkeyPatch, stage: str, ends: str) -> None:
    register = received(as_csv(ROW)) if stage == "check" else checked(as_csv(ROW))
    if stage == "apply":
        confirm_register(register=register, by=register.uploaded_by, now=NOW)

    def fail(*args: object, **facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(register_check if stage == "check" else register_apply, "count_rows", fail)
    for _try in range(MOST_TRIES):
        with pytest.raises(RuntimeError):
            work_on_next(now=NOW)
    assert work_on_next(now=NOW)
    assert not work_on_next(now=NOW)
    register.refresh_from_db()
    assert (register.state, register.confirmed_by) == (ends, None)
    assert not Policy.objects.exists()


def test_the_number_of_statements_does_not_grow_with_the_rows() -> None:
    def statements(*rows: dict[str, str]) -> int:
        with CaptureQueriesContext(connection) as queries:
            applied(as_csv(*rows))
        return len(queries)

    few = statements(ROW)
    many = statements(*(OTHER | {"ID": f"55{n:03}", "ИИН": ""} for n in range(300)))
    assert many <= few
