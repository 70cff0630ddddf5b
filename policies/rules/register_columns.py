"""Which columns a register has, and how people call them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.names import search_key


class Column(TextChoices):
    """In the order of a file that we write ourselves."""

    INSURED_ID = "insured_id", _("ID")
    SURNAME = "surname", _("Surname")
    GIVEN_NAME = "given_name", _("Given name")
    PATRONYMIC = "patronymic", _("Patronymic")
    BIRTH_DATE = "birth_date", _("Birth date")
    SEX = "sex", _("Sex")
    IIN = "iin", _("IIN")
    CONTRACT_KIND = "contract_kind", _("Contract kind")
    CONTRACT_NUMBER = "contract_number", _("Contract number")
    SIGNED_ON = "signed_on", _("Signing date")
    COVER_STARTS_ON = "cover_starts_on", _("Cover start")
    COVER_ENDS_ON = "cover_ends_on", _("Cover end")
    CARD_NUMBER = "card_number", _("Card number")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    LANGUAGE = "language", _("Language")
    EMPLOYER_NAME = "employer_name", _("Employer")
    EMPLOYER_BIN = "employer_bin", _("Employer’s BIN")
    SUM_INSURED = "sum_insured", _("Sum insured")


NAMES = (Column.SURNAME, Column.GIVEN_NAME, Column.PATRONYMIC)
DATES = (Column.BIRTH_DATE, Column.SIGNED_ON, Column.COVER_STARTS_ON, Column.COVER_ENDS_ON)
COVER = (Column.COVER_STARTS_ON, Column.COVER_ENDS_ON)  # not read where it counts from the activation (KIH-06)
REQUIRED = (Column.INSURED_ID, Column.BIRTH_DATE, Column.CONTRACT_KIND, Column.COVER_STARTS_ON)

# Russian, Kazakh, English. Compared without case, punctuation and the Kazakh letters' marks (`heading_key`).
CALLED: dict[Column, tuple[str, ...]] = {
    Column.INSURED_ID: (
        "ID", "ИД", "ID застрахованного", "Идентификатор", "Идентификатор застрахованного", "Номер застрахованного",
        "Сақтандырылушының ID", "Сақтандырылған тұлғаның ID", "ID нөмірі", "Insured ID", "ID number",
    ),
    Column.SURNAME: ("Фамилия", "Фамилия застрахованного", "Тегі", "Surname", "Last name", "Family name"),
    Column.GIVEN_NAME: ("Имя", "Имя застрахованного", "Аты", "Есімі", "Given name", "First name", "Name"),
    Column.PATRONYMIC: ("Отчество", "Отчество застрахованного", "Әкесінің аты", "Patronymic", "Middle name"),
    Column.BIRTH_DATE: ("Дата рождения", "ДР", "Туған күні", "Туған жылы", "Birth date", "Date of birth", "DOB"),
    Column.SEX: ("Пол", "Жынысы", "Sex", "Gender"),
    Column.IIN: ("ИИН", "ИИН застрахованного", "ЖСН", "IIN"),
    Column.CONTRACT_KIND: (
        "Вид договора", "Тип договора", "Физ/юр", "Физ. / юр. лицо", "Шарт түрі", "Шарттың түрі", "Contract kind",
        "Contract type",
    ),
    Column.CONTRACT_NUMBER: (
        "Номер договора", "№ договора", "Договор", "Договор №", "Шарт нөмірі", "Шарттың нөмірі", "Шарт №",
        "Contract number", "Contract no", "Contract",
    ),
    Column.SIGNED_ON: (
        "Дата подписания", "Дата подписания договора", "Дата договора", "Дата заключения договора", "Дата заключения",
        "Қол қойылған күні", "Шартқа қол қойылған күн", "Шарт жасалған күн", "Signing date", "Signed on", "Date signed",
    ),
    Column.COVER_STARTS_ON: (
        "Начало действия", "Дата начала", "Начало защиты", "Дата начала страхования", "Начало страхования",
        "Дата начала действия", "Начало покрытия", "Басталу күні", "Сақтандырудың басталуы", "Қорғаныстың басталуы",
        "Қорғаудың басталуы",
        "Cover start", "Cover starts on", "Start date",
    ),
    Column.COVER_ENDS_ON: (
        "Окончание действия", "Дата окончания", "Окончание защиты", "Дата окончания страхования", "Конец действия",
        "Окончание страхования", "Дата окончания действия", "Окончание покрытия", "Аяқталу күні",
        "Сақтандырудың аяқталуы", "Қорғаныстың аяқталуы", "Қорғаудың аяқталуы", "Cover end", "Cover ends on", "End date",
    ),
    Column.CARD_NUMBER: ("Номер карты", "Номер карточки", "№ карты", "Карта", "Карточка нөмірі", "Карта нөмірі",
                         "Card number", "Card no", "Card"),
    Column.PHONE: ("Телефон", "Номер телефона", "Мобильный телефон", "Мобильный", "Телефон нөмірі", "Ұялы телефон",
                   "Phone", "Mobile", "Phone number"),
    Column.EMAIL: ("E-mail", "Эл. почта", "Электронная почта", "Почта", "Адрес эл. почты", "Эл. пошта",
                   "Электрондық пошта", "Mail"),
    Column.LANGUAGE: ("Язык", "Язык общения", "Тілі", "Тіл", "Language"),
    Column.EMPLOYER_NAME: ("Работодатель", "Организация", "Наименование работодателя", "Страхователь", "Жұмыс беруші",
                           "Ұйым", "Employer", "Company", "Organisation"),
    Column.EMPLOYER_BIN: ("БИН", "БИН работодателя", "БИН организации", "БСН", "Жұмыс берушінің БСН", "BIN",
                          "Employer BIN", "Employer’s BIN"),
    Column.SUM_INSURED: ("Страховая сумма", "Сумма страхования", "Сақтандыру сомасы", "Sum insured", "Insured sum"),
}  # fmt: skip


@dataclass(frozen=True)
class Header:
    """Where each known column stands, how wide the table is, and what nobody knows."""

    places: dict[Column, int]
    width: int
    unknown: list[str]
    twice: list[Column]

    def missing(self, *, is_cover_printed: bool = True) -> list[Column]:
        """Columns without which no row can be accepted."""
        needed = REQUIRED if is_cover_printed else [column for column in REQUIRED if column not in COVER]
        lacking = [column for column in needed if column not in self.places]
        if not any(name in self.places for name in NAMES):
            lacking.insert(0, Column.SURNAME)
        if not {Column.CONTRACT_NUMBER, Column.CARD_NUMBER, Column.EMPLOYER_NAME} & set(self.places):
            lacking.append(Column.CONTRACT_NUMBER)
        return lacking


def understand(cells: Sequence[str]) -> Header:
    places: dict[Column, int] = {}
    unknown, twice = [], []
    for place, cell in enumerate(cells):
        column = KNOWN.get(heading_key(cell))
        if column is None:
            unknown += [cell.strip()] if cell.strip() else []
        elif column in places:
            twice.append(column)
        else:
            places[column] = place
    return Header(places, len(cells), unknown, twice)


def heading_key(name: str) -> str:
    """«№ договора:», «номер договора» with a line break, «НОМЕР ДОГОВОРА»: one name. «№» is «номер»."""
    return re.sub(r"\W|_", "", search_key(name[:100]).replace("№", "номер"))


KNOWN = {heading_key(name): column for column, names in CALLED.items() for name in names}
