"""What holds whatever stands in a register: it reads back what it writes out, a repeat changes nothing, and contacts of
people who have activated stay as they are.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from policies.gateways.register_files import open_table
from policies.gateways.register_reports import refused_rows
from policies.models import Person, Product, RegisterRow
from policies.rules import AccessKind, AccessScope
from policies.rules.register_columns import Column, understand
from policies.rules.register_rows import Reading, RowReader
from policies.services import register_apply, register_matching
from policies.services.access import grant_access
from policies.services.register_matching import ACTIVATED
from tests.factories import TODAY, an_insurer
from tests.policies.registers import NOW, OF_EMPLOYER, OTHER, ROW, applied, as_csv, digest, outcomes

FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = settings(FEW, max_examples=430)  # of two or three registers each: a thousand

# ── What we write out we read back ──────────────────────────────────────────
NUMBERS = ["610314400010", "750701300016", "900101300811", "512600012", ""]
CELLS: dict[Column, st.SearchStrategy[str]] = {
    Column.INSURED_ID: st.text(alphabet="0123456789 -АВab", max_size=12),
    Column.BIRTH_DATE: st.dates().map(str) | st.just("14.03.1961"),
    Column.SEX: st.sampled_from(["м", "ж", "f", ""]),
    Column.IIN: st.sampled_from(NUMBERS),
    Column.CONTRACT_KIND: st.sampled_from(["физ", "юр", "corporate", ""]),
    Column.SIGNED_ON: st.sampled_from(["02.11.2026", "46328", ""]),
    Column.COVER_STARTS_ON: st.sampled_from(["17.11.2026", "2026-11-17", "17.11.1926"]),
    Column.COVER_ENDS_ON: st.sampled_from(["16.11.2027", "16.11.2025", ""]),
    Column.PHONE: st.sampled_from(["+7 701 234 45 67", "87772344567", "258", ""]),
    Column.EMAIL: st.emails() | st.just(""),
    Column.EMPLOYER_BIN: st.sampled_from(["120140012348", "1201400123", ""]),
}
A_ROW = st.tuples(*(CELLS.get(column, st.text(max_size=30)) for column in Column))


def read(cells: list[str], language: str = "ru") -> Reading | None:
    with translation.override(language):
        header = understand([str(label) for label in Column.labels])
    return RowReader(header, region="KZ", today=TODAY).read(2, cells)


@settings(max_examples=300, deadline=None)
@given(A_ROW, st.sampled_from(["kk", "ru", "en"]))
def test_what_a_report_writes_is_read_as_it_was(cells: tuple[str, ...], language: str) -> None:
    reading = read(list(cells))
    if reading is None:
        return
    with translation.override(language):
        report = "".join(refused_rows([RegisterRow(**reading._asdict())]))
        table = open_table(io.BytesIO(report.encode()))
        [again] = [RowReader(table.header, region="KZ", today=TODAY).read(2, row) for _number, row in table.lines]
    assert again
    # Warnings are told once: 46328 is written as the day that it was understood to be.
    assert again._replace(warnings="") == reading._replace(warnings="")


# ── Any registers, one after the other ──────────────────────────────────────
PEOPLE = [
    {column: row[column] for column in ("Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "ИИН")}
    for row in (ROW, OTHER, ROW | {"Имя": "Алия", "Дата рождения": "01.01.1990", "ИИН": "900101400015", "Отчество": ""})
]
ROWS = st.builds(
    lambda insured_id, person, changes, contacts, employer: (
        ROW | {"ID": insured_id} | person | dict(changes) | contacts | (OF_EMPLOYER if employer else {})
    ),
    st.sampled_from(["101", "102", "103", "104", "0101"]),
    st.sampled_from(PEOPLE),
    st.lists(
        st.sampled_from([
            ("Фамилия", "Оспанова"), ("ИИН", ""), ("ИИН", "1"), ("Дата рождения", "15.03.1961"), ("Отчество", ""),
            ("Окончание действия", "16.11.2028"), ("Окончание действия", ""), ("Номер договора", ""),
        ]), max_size=2,
    ),
    st.fixed_dictionaries({
        "Телефон": st.sampled_from(["", "+77012344567", "+77059998877", "+77071112233"]),
        "E-mail": st.sampled_from(["", "aigul@old.kz", "someone@else.kz", "AIGUL@old.kz"]),
    }),
    st.booleans(),
)  # fmt: skip
REGISTERS = st.lists(ROWS, min_size=1, max_size=6).map(lambda rows: as_csv(*rows))


@contextmanager
def nothing_stays() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def product(db: None) -> Product:
    return an_insurer().products.get()


def a_repeat_changes_nothing(product: Product, registers: list[bytes]) -> None:
    for data in registers:
        first = applied(data, product=product)
        before = digest()
        repeat = applied(data, product=product)
        assert digest() == before
        assert outcomes(repeat).keys() <= {"unchanged", "refused"}
        assert (repeat.refused, repeat.differing) == (first.refused, 0)


def activated(person: Person) -> User:
    user = User.objects.create_user(f"{person.pk}@example.kz")
    grant_access(
        user=user, person=person, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="contract", by=None, now=NOW
    )
    return user


def contacts_stay(product: Product, registers: list[bytes], chosen: list[bool]) -> None:
    applied(registers[0], product=product)
    people = [person for person, is_chosen in zip(Person.objects.order_by("pk"), chosen, strict=False) if is_chosen]
    users = [activated(person) for person in people]
    before = [(person.phone, person.email, user.email) for person, user in zip(people, users, strict=True)]
    for data in registers[1:]:
        applied(data, product=product)
    for row in (*people, *users):
        row.refresh_from_db()
    assert [(person.phone, person.email, user.email) for person, user in zip(people, users, strict=True)] == before


SEVERAL = st.lists(REGISTERS, min_size=2, max_size=3)
CHOSEN = st.lists(st.booleans(), min_size=4, max_size=4)
# In one transaction the catalogue fills with the temporary tables of all examples: after 150 each takes half as long again.
EACH_IN_ITS_OWN_TRANSACTION = pytest.mark.django_db(transaction=True)


@pytest.mark.long
@FEW
@given(SEVERAL)
def test_a_repeat_of_any_register_changes_nothing(product: Product, registers: list[bytes]) -> None:
    with nothing_stays():
        a_repeat_changes_nothing(product, registers)


@pytest.mark.long
@FEW
@given(SEVERAL, CHOSEN)
def test_no_register_overwrites_the_contacts_of_somebody_who_has_activated(
    product: Product, registers: list[bytes], chosen: list[bool]
) -> None:
    with nothing_stays():
        contacts_stay(product, registers, chosen)


@pytest.mark.long
@EACH_IN_ITS_OWN_TRANSACTION
@MANY
@given(SEVERAL)
def test_a_repeat_of_a_thousand_registers_changes_nothing(product: Product, registers: list[bytes]) -> None:
    with nothing_stays():
        a_repeat_changes_nothing(product, registers)


@pytest.mark.long
@EACH_IN_ITS_OWN_TRANSACTION
@MANY
@given(SEVERAL, CHOSEN)
def test_none_of_a_thousand_registers_overwrites_a_contact(
    product: Product, registers: list[bytes], chosen: list[bool]
) -> None:
    with nothing_stays():
        contacts_stay(product, registers, chosen)


@pytest.mark.long
def test_without_the_guard_the_same_registers_would_overwrite_them(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    for statement in ("CHANGED", "CHANGED_PEOPLE"):
        module = register_matching if statement == "CHANGED" else register_apply
        monkeypatch.setattr(module, statement, getattr(module, statement).replace(ACTIVATED, "false"))
    with_contacts = [as_csv(ROW | {"E-mail": email}) for email in ("aigul@old.kz", "someone@else.kz")]
    with pytest.raises(AssertionError, match="else"):
        contacts_stay(product, with_contacts, [True])
