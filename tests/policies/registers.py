"""Registers as tests write them: a table, its bytes, and the ways through the door that workers and staff take."""

import csv
import hashlib
import io
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from openpyxl import Workbook

from accounts.models import User
from policies.management.commands.invent_register import HEADER, invented_rows
from policies.models import Insurer, Policy, Product, Register
from policies.services.register_matching import PLANNING
from policies.services.register_work import work_on_next
from policies.services.registers import confirm_register, receive_register
from tests.factories import TODAY, an_insurer
from tests.people import a_person

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
ROW = {
    "ID": "4410027531", "Фамилия": "Садыкова", "Имя": "Айгуль", "Отчество": "Сериковна", "Дата рождения": "14.03.1961",
    "Пол": "ж", "ИИН": "610314400010", "Вид договора": "физ", "Номер договора": "Д-2026/117",
    "Дата подписания": "02.11.2026", "Начало действия": "17.11.2026", "Окончание действия": "16.11.2027",
}  # fmt: skip
OTHER = ROW | {
    "ID": "4410027532", "Фамилия": "Әбенов", "Имя": "Ержан", "Отчество": "Тоқтарұлы", "Дата рождения": "01.07.1975",
    "Пол": "м", "ИИН": "750701300016", "Номер договора": "Д-2026/118",
}  # fmt: skip
OF_EMPLOYER = {
    "Вид договора": "юр", "Номер договора": "", "Номер карты": "7000000001", "Работодатель": "ТОО «Алма»",
    "БИН работодателя": "120140012348",
}  # fmt: skip


def a_row(**facts: str) -> dict[str, str]:
    return ROW | facts


def as_csv(*rows: dict[str, str], separator: str = ";", encoding: str = "utf-8") -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=separator, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(*rows: list[Any]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Реестр")
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def invented(rows: int, **facts: Any) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    writer.writerows(invented_rows(rows, seed=7, today=TODAY, **facts))
    return text.getvalue().encode()


def received(data: bytes, *, product: Product | None = None, by: User | None = None, name: str = "r.csv") -> Register:
    product = product or an_insurer().products.get()
    by = by or User.objects.filter(is_staff=True).first() or a_person("keeper@example.kz", is_staff=True)
    return receive_register(product=product, file=io.BytesIO(data), file_name=name, by=by, now=NOW)


def checked(data: bytes, **facts: Any) -> Register:
    register = received(data, **facts)
    assert work_on_next(now=NOW)
    register.refresh_from_db()
    return register


def applied(data: bytes, **facts: Any) -> Register:
    register = checked(data, **facts)
    confirm_register(register=register, by=register.uploaded_by, now=NOW)
    assert work_on_next(now=NOW)
    register.refresh_from_db()
    assert register.state == "applied"
    return register


def outcomes(register: Register) -> dict[str, int]:
    counted = {name: getattr(register, name) for name in ("new", "changed", "unchanged", "refused")}
    return {name: count for name, count in counted.items() if count}


def problems(register: Register) -> list[str]:
    """Tokens of the refused rows, in the order of the file."""
    return [token for row in register.lines.refused().order_by("line") for token in row.errors.split()]


FACTS = ("organisation", "person", "policy", "party", "policyevent", "difference")


def digest() -> str:
    """Of everything that a register may write about people and policies."""
    sha = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in FACTS:
            cursor.execute(f"SELECT string_agg(md5(fact::text), '' ORDER BY fact.id) FROM policies_{table} AS fact")  # noqa: S608
            sha.update(repr(cursor.fetchall()).encode())
    return sha.hexdigest()


def written(insurer: Insurer) -> list[Any]:
    """What registers wrote about this insurer's people, without numbers and times: the same work leaves the same."""
    policies = Policy.objects.filter(insurer=insurer).order_by("insured_key", "parties__role", "events__pk")
    of_person = ("surname", "given_name", "patronymic", "birth_date", "iin", "phone", "email", "search_key", "sort_key")
    facts = policies.values_list(
        "insured_id", "contract_number", "card_number", "signed_on", "cover_starts_on", "cover_ends_on", "sum_insured",
        "events__kind", "parties__role", "parties__organisation__name",
        *(f"parties__person__{fact}" for fact in of_person),
    )  # fmt: skip
    # Of 60,000 rows that no statistics knew yet a nested loop once took twenty minutes.
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in PLANNING:
            cursor.execute(statement)
        return list(facts)
