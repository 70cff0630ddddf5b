"""Any bytes lead to a state and a report, never to an exception; a large register goes through; workers do not collide."""

import csv
import io
import zipfile

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.identity import parse_iin
from policies.management.commands.invent_register import invented_rows
from policies.models import Policy, Product
from policies.rules.registers import TRANSITIONS, Event, State, WrongMoment, next_state
from policies.services.register_work import work_on_next
from tests.conftest import connect
from tests.factories import TODAY, an_insurer
from tests.policies.registers import NOW, ROW, applied, as_csv, as_xlsx, checked, digest, invented, outcomes, received

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEAD = as_csv(ROW).splitlines(keepends=True)[0]


@pytest.fixture
def product(db: None) -> Product:
    return an_insurer().products.get()


def read_and_reported(data: bytes, product: Product) -> None:
    register = checked(data, product=product)
    assert register.state in {"checked", "unreadable"}
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            assert register.state == "checked" or register.unreadable_words
            for row in register.lines.all():
                assert all(problem.words for problem in (*row.problems, *row.remarks))


@pytest.mark.long
@FEW
@given(st.binary(max_size=2_000))
def test_any_bytes(product: Product, data: bytes) -> None:
    read_and_reported(data, product)


@pytest.mark.long
@FEW
@given(st.binary(max_size=2_000))
def test_any_bytes_below_a_right_header(product: Product, data: bytes) -> None:
    read_and_reported(HEAD + data, product)


@pytest.mark.long
@FEW
@given(st.lists(st.lists(st.text(max_size=40), max_size=15), max_size=8))
def test_any_cells_below_a_right_header(product: Product, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    read_and_reported(HEAD + text.getvalue().encode("utf-8", "surrogatepass"), product)


ONE_CELL = st.sampled_from(sorted(ROW))
HARD = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "1e309",
        "99999",
        "'",
        '"',
        ";",
        "\\",
        "\\N",
        "NaN",
        "'; DROP TABLE x; --",
        "=1+1",
        "🙂",
        "\u202e",
        "ﷺ" * 60,
    ]
)


@pytest.mark.long
@FEW
@given(ONE_CELL, HARD | st.text(max_size=300))
def test_any_cell_of_a_right_row(product: Product, column: str, cell: str) -> None:
    read_and_reported(as_csv(ROW | {column: cell}, encoding="utf-8"), product)


WORKBOOK = as_xlsx(list(ROW), list(ROW.values()))


@pytest.mark.long
@FEW
@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook(product: Product, place: int, damage: bytes) -> None:
    read_and_reported(WORKBOOK[:place] + damage + WORKBOOK[place + len(damage) :], product)


@pytest.mark.long
@FEW
@given(st.binary(max_size=400))
def test_a_workbook_whose_sheet_is_anything(product: Product, content: bytes) -> None:
    source, target = zipfile.ZipFile(io.BytesIO(WORKBOOK)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for member in source.infolist():
            archive.writestr(member, content if "sheet1" in member.filename else source.read(member))
    read_and_reported(target.getvalue(), product)


@pytest.mark.long
def test_ten_thousand_people_are_taken_over_and_the_repeat_changes_nothing(product: Product) -> None:
    data = invented(10_000)
    assert outcomes(applied(data, product=product)) == {"new": 10_000}
    assert Policy.objects.count() == 10_000
    before = digest()
    assert outcomes(applied(data, product=product)) == {"unchanged": 10_000}
    assert digest() == before


def test_invented_people_are_right_and_different_and_the_seed_repeats_them() -> None:
    rows = list(invented_rows(3_000, seed=3, today=TODAY))
    assert rows == list(invented_rows(3_000, seed=3, today=TODAY))
    assert len({row[0] for row in rows}) == len({row[6] for row in rows}) == 3_000
    second_pass = [row[6] for row in rows if is_of_second_pass(parse_iin(row[6]).number)]
    assert second_pass
    assert {row[7] for row in rows} == {"физ", "юр"}


def is_of_second_pass(number: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(number, range(1, 12), strict=False)) % 11 == 10


def test_the_command_writes_what_the_check_accepts(product: Product) -> None:
    out = io.StringIO()
    call_command("invent_register", rows=50, seed=2, insurer="nsk", kind="corporate", stdout=out)
    assert outcomes(checked(out.getvalue().encode(), product=product)) == {"new": 50}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_a_register_lives_by_its_table_alone(state: State, event: Event) -> None:
    if (state, event) in TRANSITIONS:
        assert next_state(state, event) in State
    else:
        with pytest.raises(WrongMoment):
            next_state(state, event)


@pytest.mark.django_db(transaction=True)
def test_a_worker_leaves_what_another_one_holds() -> None:
    register = received(as_csv(ROW))
    with connect("default", connections["default"].settings_dict["NAME"]) as other, other.transaction():
        other.execute("SELECT FROM policies_register WHERE id = %s FOR NO KEY UPDATE", [register.pk])
        assert not work_on_next(now=NOW)
    assert work_on_next(now=NOW)  # control: set free, it is taken
