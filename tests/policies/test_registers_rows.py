"""What one row says: every kind of cell that people and spreadsheets produce."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.identity import normalise_key
from policies.rules.register_columns import CALLED, NAMES, Column, understand
from policies.rules.register_problems import WORDS, Problem, problems_in
from policies.rules.register_rows import Reading, RowReader
from policies.rules.register_values import SERIAL, clean, guarded, read_iin
from tests.factories import TODAY
from tests.policies.registers import OF_EMPLOYER, a_row


def read(**facts: str) -> Reading:
    row = a_row(**facts)
    reading = RowReader(understand(list(row)), region="KZ", today=TODAY).read(2, list(row.values()))
    assert reading
    return reading


def test_a_row_in_order_has_nothing_to_say() -> None:
    reading = read()
    assert (reading.errors, reading.warnings, reading.given) == ("", "", [])
    assert reading[:9] == (
        2, "4410027531", "4410027531", "Садыкова", "Айгуль", "Сериковна", "садыкова айгуль сериковна",
        reading.sort_key, date(1961, 3, 14),
    )  # fmt: skip
    assert (reading.sex, reading.iin, reading.contract_kind) == ("f", "610314400010", "individual")


def test_an_empty_row_is_no_row() -> None:
    reader = RowReader(understand(list(a_row())), region="KZ", today=TODAY)
    assert reader.read(5, ["", " ", "\u00a0", "\u200b"]) is None
    assert reader.read(5, []) is None


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("ID", "", "insured_id:missing"),
        ("ID", " — ", "insured_id:missing"),
        ("ID", "4,41003E+09", "insured_id:shortened"),
        ("ID", "=A1", "insured_id:formula"),
        ("ID", "#Н/Д", "insured_id:formula"),
        ("ID", "1" * 41, "insured_id:too_long"),
        ("Фамилия", "=HYPERLINK(1)", "surname:formula"),
        ("Фамилия", "С�дыкова", "surname:letters"),
        ("ID", "ﷺ" * 3, "insured_id:too_long"),
        ("Имя", "А" * 101, "given_name:too_long"),
        ("Имя", "ΐ" * 34, "given_name:too_long"),
        ("Дата рождения", "", "birth_date:missing"),
        ("Дата рождения", "31.02.1990", "birth_date:no_such_day"),
        ("Дата рождения", "03/14/1961", "birth_date:no_such_day"),
        ("Дата рождения", "1961", "birth_date:not_a_date"),
        ("Дата рождения", "14.03.61", "birth_date:not_a_date"),
        ("Дата рождения", "22.11.2026", "birth_date:future"),
        ("Дата рождения", "01.01.1895", "birth_date:long_ago"),
        ("ИИН", "610314400011", "iin:check"),
        ("ИИН", "61031440001", "iin:length"),
        ("ИИН", "9,00101E+11", "iin:shortened"),
        ("ИИН", "нет", "iin:digits"),
        ("ИИН", "900230300019", "iin:not_issued"),
        ("Вид договора", "", "contract_kind:missing"),
        ("Вид договора", "семейный", "contract_kind:unknown_kind"),
        ("Номер договора", "", "contract_number:no_contract"),
        ("Начало действия", "", "cover_starts_on:missing"),
        ("Начало действия", "01.01.1989", "cover_starts_on:long_ago"),
        ("Окончание действия", "16.11.2926", "cover_ends_on:far_future"),
        ("Окончание действия", "16.11.2026", "cover_ends_on:before_start"),
        ("БИН работодателя", "120140012341", "employer_bin:check"),
        ("Страховая сумма", "два миллиона", "sum_insured:not_a_sum"),
        ("Страховая сумма", "-1", "sum_insured:not_a_sum"),
        ("Страховая сумма", "2,000,000", "sum_insured:not_a_sum"),
        ("Страховая сумма", "2000000,005", "sum_insured:not_a_sum"),
        ("Страховая сумма", "1000000000000", "sum_insured:not_a_sum"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_taken_refuses_the_row_and_keeps_it_as_given(
    column: str, cell: str, problem: str
) -> None:
    reading = read(**{column: cell})
    assert reading.errors == problem
    assert clean(cell) in reading.given


@pytest.mark.parametrize(
    ("column", "cell", "remark"),
    [
        ("Дата подписания", "", "signed_on:unsigned"),
        ("Дата подписания", "18.11.2026", "signed_on:after_start"),
        ("Дата рождения", "22354", "birth_date:serial"),
        ("ИИН", "851231400011", "iin:not_birth_date"),
        ("Пол", "м", "iin:not_sex"),
        ("Пол", "да", "sex:unknown"),
        ("Язык", "эльфийский", "language:unknown"),
        ("Телефон", "2-58-18", "phone:not_mobile"),
        ("Телефон", "+7 727 258 18 00", "phone:not_mobile"),
        ("E-mail", "нет", "email:not_an_address"),
        ("E-mail", "a" * 250 + "@b.kz", "email:not_an_address"),
    ],
)
def test_a_doubtful_cell_warns_and_the_row_is_taken(column: str, cell: str, remark: str) -> None:
    reading = read(**{column: cell})
    assert (reading.errors, reading.warnings) == ("", remark)


@pytest.mark.parametrize(
    "written",
    [
        "14.03.1961",
        "14/03/1961",
        "14 03 1961",
        "1961-03-14",
        "1961-03-14 00:00:00",
        " 14.3.1961\u00a0",
        "22354",
        "22354.0",
    ],
)
def test_dates_come_as_text_and_as_a_spreadsheets_day_number(written: str) -> None:
    assert read(**{"Дата рождения": written}).birth_date == date(1961, 3, 14)


def test_a_year_alone_is_not_a_day_number() -> None:
    assert not SERIAL.fullmatch("1961")
    assert SERIAL.fullmatch("22354")  # control


@pytest.mark.parametrize("cut", ["512600012", "0512600012", "512600012.0"])
def test_zeros_that_a_spreadsheet_ate_come_back_when_the_check_digit_agrees(cut: str) -> None:
    reading = read(**{"ИИН": cut, "Дата рождения": "12.05.2000"})
    assert (reading.iin, reading.errors, reading.warnings) == ("000512600012", "", "iin:zeros")


def test_and_do_not_come_back_when_it_disagrees() -> None:
    assert read_iin("512600013") == (None, "length")


def test_of_the_employers_number_too() -> None:
    reading = read(**OF_EMPLOYER | {"БИН работодателя": "51040012341"})
    assert (reading.employer_bin, reading.warnings) == ("051040012341", "employer_bin:zeros")


@pytest.mark.parametrize("number", ["900101300811", "900101000018"])
def test_an_iin_of_the_second_pass_and_one_of_a_foreigner_are_right(number: str) -> None:
    assert read(**{"ИИН": number, "Дата рождения": "01.01.1990", "Пол": "м"}).errors == ""


def test_a_corporate_contract_needs_the_card_or_the_employer() -> None:
    nothing = OF_EMPLOYER | {"Номер карты": "", "Работодатель": "", "БИН работодателя": ""}
    assert read(**nothing).errors == "card_number:no_card_or_employer"
    assert read(**nothing | {"Номер карты": "7"}).errors == ""
    assert read(**nothing | {"Работодатель": "ТОО «Алма»"}).errors == ""


def test_an_employer_without_a_name_is_called_by_its_number() -> None:
    reading = read(**OF_EMPLOYER | {"Работодатель": ""})
    assert (reading.employer_name, reading.warnings) == ("120140012348", "employer_name:only_bin")


def test_one_name_is_enough_and_none_is_not() -> None:
    assert read(Фамилия="", Отчество="").errors == ""
    assert read(Фамилия="", Отчество="", Имя="").errors == "surname:no_name"


def test_a_stray_separator_does_not_shift_the_columns_silently() -> None:
    row = a_row()
    reader = RowReader(understand(list(row)), region="KZ", today=TODAY)
    reading = reader.read(2, [*row.values(), "лишнее"])
    assert reading
    assert reading.errors == "employer_bin:too_many_cells"


def test_a_row_that_ends_early_lacks_only_its_last_cells() -> None:
    row = a_row()
    reading = RowReader(understand(list(row)), region="KZ", today=TODAY).read(2, list(row.values())[:-1])
    assert reading
    assert (reading.errors, reading.cover_ends_on) == ("", None)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ('="00123"', "00123"),
        ("'+7701", "+7701"),
        ("a\u00a0 b", "a b"),
        ("a\nb", "a b"),
        ("a\u200bb", "ab"),
        ("\x00", ""),
    ],
)
def test_a_cell_is_read_without_its_wrapping(written: str, read_as: str) -> None:
    assert clean(written) == read_as


@given(st.text())
def test_what_we_guard_against_formulas_we_read_back(text: str) -> None:
    value = clean(text)
    if not value.startswith(("'", '="')):
        assert clean(guarded(value)) == value
    assert guarded(value)[:1] not in {"=", "+", "-", "@"}


@given(st.text(alphabet="0123456789 -АВECab№", max_size=30))
def test_an_id_is_compared_as_everywhere_else(text: str) -> None:
    reading = read(ID=text)
    if not reading.errors:
        assert reading.insured_key == normalise_key(text)


@given(st.lists(st.text(), max_size=40))
def test_any_cells_make_a_row_or_none(cells: list[str]) -> None:
    reading = RowReader(understand(list(a_row())), region="KZ", today=TODAY).read(2, cells)
    assert reading is None or all(problem.words for problem in problems_in(reading.errors, reading.given))


def test_columns_are_known_in_three_languages_whatever_the_case_and_punctuation() -> None:
    header = understand(["№ договора:", "ФАМИЛИЯ", "Туған күні", "id", "Contract kind", " cover\nstart "])
    assert list(header.places) == [
        Column.CONTRACT_NUMBER, Column.SURNAME, Column.BIRTH_DATE, Column.INSURED_ID, Column.CONTRACT_KIND,
        Column.COVER_STARTS_ON,
    ]  # fmt: skip
    assert header.missing() == []


def test_a_name_means_one_column() -> None:
    for column, names in CALLED.items():
        for name in names:
            assert list(understand([name]).places) == [column]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_report_of_ours_names_its_columns_so_that_we_read_them_again(language: str) -> None:
    with translation.override(language):
        assert list(understand([str(column.label) for column in Column]).places) == list(Column)


def test_unknown_and_doubled_columns_are_named() -> None:
    header = understand(["ID", "ИД", "Рост", ""])
    assert (header.twice, header.unknown) == ([Column.INSURED_ID], ["Рост"])


def test_a_table_without_names_or_contracts_is_missing_them() -> None:
    known = [column for column in Column if column not in {*NAMES, Column.CONTRACT_NUMBER, Column.CARD_NUMBER}]
    header = understand([str(column.value) for column in known if column != Column.EMPLOYER_NAME])
    assert Column.SURNAME in header.missing()
    assert Column.CONTRACT_NUMBER in header.missing()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("code", WORDS)
def test_every_problem_has_words(language: str, code: str) -> None:
    with translation.override(language):
        words = Problem.from_token(f"iin:{code}:5,17", []).words
    assert words.endswith(".")
    assert "%" not in words


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("", None), ("2000000", "2000000"), ("2 000 000,5", "2000000.5"), ("2000000.00", "2000000.00"), ("0", "0"),
        ("2\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000", "2000000"),
    ],
)  # fmt: skip
def test_a_sum_insured_is_read_as_spreadsheets_write_it(cell: str, amount: str | None) -> None:
    """NL-7.1."""
    reading = read(**{"Страховая сумма": cell})
    assert (reading.sum_insured, reading.errors) == (Decimal(amount) if amount else None, "")
