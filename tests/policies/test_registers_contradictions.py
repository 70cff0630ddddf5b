"""One file that says two things about one person on file: nobody is corrected, and taken again it does what it did."""

import pytest

from policies.models import Person
from policies.services import register_matching
from tests.policies.registers import OTHER, ROW, a_row, applied, as_csv, checked, digest, outcomes, problems

pytestmark = pytest.mark.django_db

SECOND = ROW | {"ID": "4410027540"}  # another policy of the same person
BORN = {"Дата рождения": "15.03.1961"}
WITHOUT_IIN = {"ИИН": ""}
CUT_OFF = ROW | {"ID": "0041002753"}

# What is on file, and a file of which one row would make another row right.
ON_FILE_AND_FILE = {
    "a correction, and another human with the corrected date": (
        [ROW], [SECOND | BORN, a_row(**WITHOUT_IIN, **BORN, Фамилия="Әбенова", Имя="Алия")],
    ),
    "two rows that correct one fact each": (
        [ROW, SECOND], [a_row(**WITHOUT_IIN, Фамилия="Оспанова"), SECOND | WITHOUT_IIN | BORN],
    ),
    "an IIN that is corrected, and a row that claims the old one": (
        [ROW, OTHER], [a_row(ИИН="900101300811"), OTHER | {"ИИН": ROW["ИИН"]}],
    ),
    "a correction, and an ID of which a spreadsheet cut the zeros off": (
        [CUT_OFF], [CUT_OFF | BORN, a_row(**WITHOUT_IIN, ID="41002753", Имя="Алия")],
    ),
}  # fmt: skip
CASES = pytest.mark.parametrize(("on_file", "file"), ON_FILE_AND_FILE.values(), ids=ON_FILE_AND_FILE)


@CASES
def test_nobody_is_corrected_where_another_row_contradicts(on_file: list[dict], file: list[dict]) -> None:
    applied(as_csv(*on_file))
    before = digest()
    assert outcomes(applied(as_csv(*file))) == {"refused": 2}
    assert digest() == before
    assert "insured_id:contradicted" in problems(checked(as_csv(*file)))


@CASES
def test_without_this_a_repeat_of_the_file_would_do_something_else(
    on_file: list[dict], file: list[dict], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_matching, "CONTRADICTED", "SELECT")
    applied(as_csv(*on_file))
    first = applied(as_csv(*file))
    after = digest()
    repeat = applied(as_csv(*file))
    assert (digest(), outcomes(repeat).get("refused", 0)) != (after, outcomes(first).get("refused", 0))


def test_rows_that_agree_correct_a_person_together() -> None:
    applied(as_csv(ROW, SECOND))
    assert outcomes(applied(as_csv(ROW | BORN, SECOND | BORN))) == {"changed": 1, "unchanged": 1}
    assert str(Person.objects.get().birth_date) == "1961-03-15"


def test_a_row_that_corrects_nothing_is_taken_beside_one_that_contradicts() -> None:
    applied(as_csv(ROW, SECOND))
    file = as_csv(ROW | {"Окончание действия": "16.11.2028"}, SECOND | WITHOUT_IIN | BORN | {"Имя": "Алия"})
    assert outcomes(applied(file)) == {"changed": 1, "refused": 1}
