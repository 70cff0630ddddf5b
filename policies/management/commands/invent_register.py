"""Registers of people who do not exist, for demos, tests and benches. The same seed writes the same file."""

import csv
import random
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.identity import check_digit
from policies.models import Insurer

HEADER = (
    "ID", "Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "ИИН", "Вид договора", "Номер договора",
    "Дата подписания", "Начало действия", "Окончание действия", "Номер карты", "Телефон", "E-mail", "Язык",
    "Работодатель", "БИН работодателя",
)  # fmt: skip

# Surname stem and its endings for men and women; the stem of a name and of the patronymic made of it.
KAZAKH_SURNAMES = (
    "Абдрахманов", "Айтжанов", "Ахметов", "Әбенов", "Байжанов", "Бекмұратов", "Досанов", "Ермеков", "Жақсыбеков",
    "Жұмабаев", "Қабылов", "Қасымов", "Мұқанов", "Нұрпейісов", "Оспанов", "Рахимов", "Садыков", "Сейітов", "Тоқтаров",
    "Төлегенов", "Үмбетов", "Ыбыраев", "Шәріпов", "Өтегенов",
)  # fmt: skip
KAZAKH_MEN = (
    "Айдос", "Асқар", "Бауыржан", "Болат", "Дәурен", "Ержан", "Жандос", "Қайрат", "Мұрат", "Нұрлан", "Олжас", "Рустам",
    "Серік", "Талғат", "Ұлан",
)  # fmt: skip
KAZAKH_WOMEN = (
    "Айгүл", "Әсел", "Баян", "Гүлнар", "Динара", "Жанар", "Зарина", "Қарлығаш", "Ләззат", "Мәдина", "Назым", "Роза",
    "Сәуле", "Шолпан",
)  # fmt: skip
RUSSIAN_SURNAMES = (
    "Алексеев", "Белов", "Васильев", "Григорьев", "Ёлкин", "Иванов", "Ковалёв", "Кузнецов", "Морозов", "Орлов",
    "Петров", "Семёнов", "Соколов", "Фёдоров", "Щербаков",
)  # fmt: skip
RUSSIAN_MEN = ("Александр", "Виктор", "Владимир", "Игорь", "Максим", "Пётр", "Роман", "Фёдор")
RUSSIAN_WOMEN = ("Анна", "Вера", "Галина", "Елена", "Ирина", "Людмила", "Мария", "Ольга", "Юлия")
RUSSIAN_FATHERS = ("Александров", "Викторов", "Владимиров", "Игорев", "Максимов", "Петров", "Романов", "Фёдоров")
EMPLOYERS = (
    "ТОО «Алма»",
    "АО «Қазына»",
    "ТОО «Болашақ Строй»",
    "ТОО «Дала Логистик»",
    "ИП «Шаңырақ»",
    "ТОО «Степной ветер»",
)

FIRST_BIRTH = date(1936, 1, 1)
DAYS_OF_BIRTH = 25_000  # to 2004
MOST_PEOPLE = DAYS_OF_BIRTH * 10_000  # a serial number of four digits for each day
MOST_ROWS = 1_100_000  # of one seed, those left out for their check digit included
STRIDE = 180_180_181  # shares no divisor with MOST_PEOPLE, so nobody meets their double


class Command(BaseCommand):
    help = "Write a register of invented people (CSV, UTF-8) to the standard output, row by row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--insurer", default="nsk", help="the slug; signing dates lie around its today")
        parser.add_argument("--kind", choices=["individual", "corporate", "mixed"], default="mixed")

    def handle(self, *args: Any, rows: int, seed: int, insurer: str, kind: str, **options: Any) -> None:
        today = Insurer.objects.get(slug=insurer).today(timezone.now())
        write = csv.writer(self.stdout, delimiter=";", lineterminator="\n").writerow
        write(HEADER)
        for row in invented_rows(rows, seed=seed, today=today, kind=kind):
            write(row)


def invented_rows(rows: int, *, seed: int, today: date, kind: str = "mixed") -> Iterator[list[str]]:
    """Rows below HEADER. No two share an ID or an IIN, nor do those of two seeds below 200."""
    chance = random.Random(seed)  # noqa: S311  names, not secrets
    people = invented_people(seed)
    employers = [(name, invented_bin(chance)) for name in EMPLOYERS]
    for number in range(rows):
        person = next(people)
        corporate = kind == "corporate" or (kind == "mixed" and chance.random() < 0.6)
        yield [
            f"{4_000_000_000 + (seed * MOST_ROWS + number) * 37 % 1_000_000_000}",
            *invented_name(chance, male=person[1] == "M"),
            written(person[0]),
            "м" if person[1] == "M" else "ж",
            person[2],
            *invented_contract(chance, today, number, corporate),
            *invented_contacts(chance, number),
            *(chance.choice(employers) if corporate else ("", "")),
        ]


def invented_people(seed: int) -> Iterator[tuple[date, str, str]]:
    """Birth date, sex, IIN. Among the IINs are those whose check digit takes the second pass (facts.md, section 1)."""
    for number in count(seed * MOST_ROWS):
        days, serial = divmod(number * STRIDE % MOST_PEOPLE, 10_000)
        born = FIRST_BIRTH + timedelta(days=days)
        male = serial % 2 == 0
        century = (3 if male else 4) + (2 if born.year >= 2000 else 0)
        digits = f"{born:%y%m%d}{century}{serial:04}"
        last = check_digit(digits)
        if last is not None:  # of a hundred numbers one is never issued
            yield born, "M" if male else "F", f"{digits}{last}"


def invented_name(chance: random.Random, *, male: bool) -> tuple[str, str, str]:
    if chance.random() < 0.65:
        surname, father = chance.choice(KAZAKH_SURNAMES), chance.choice(KAZAKH_MEN)
        given = chance.choice(KAZAKH_MEN if male else KAZAKH_WOMEN)
        patronymic = f"{father}{'ұлы' if male else 'қызы'}"
    else:
        surname, father = chance.choice(RUSSIAN_SURNAMES), chance.choice(RUSSIAN_FATHERS)
        given = chance.choice(RUSSIAN_MEN if male else RUSSIAN_WOMEN)
        patronymic = f"{father}{'ич' if male else 'на'}"
    return surname if male else f"{surname}а", given, patronymic if chance.random() < 0.93 else ""


def invented_contract(chance: random.Random, today: date, number: int, corporate: bool) -> list[str]:
    """Kind, number, signed on, cover start and end, card number; signed within a month around today."""
    signed = today + timedelta(days=chance.randint(-30, 3))
    starts = signed + timedelta(days=3 if corporate else 15)
    ends = starts + timedelta(days=364)
    dates = [written(signed), written(starts), written(ends)]
    if corporate:
        return ["юр", f"К-{starts:%y}/{chance.randint(1, 400)}", *dates, f"{7_000_000_000 + number}"]
    return ["физ", f"Ф-{starts:%y}/{number + 1}", *dates, ""]


def invented_contacts(chance: random.Random, number: int) -> list[str]:
    """Phone, e-mail, language. Registers seldom have a phone, and hardly ever an address."""
    phone = f"+7 70{chance.choice('125678')} {chance.randint(1_000_000, 9_999_999)}" if chance.random() < 0.05 else ""
    email = f"insured{number}@example.kz" if chance.random() < 0.02 else ""
    return [phone, email, chance.choice(("kk", "ru", "ru"))]


def invented_bin(chance: random.Random) -> str:
    while True:
        number = f"{chance.randint(5, 24):02}{chance.randint(1, 12):02}40{chance.randint(0, 99_999):05}"
        digit = check_digit(number)
        if digit is not None:
            return f"{number}{digit}"


def written(day: date) -> str:
    return f"{day:%d.%m.%Y}"
