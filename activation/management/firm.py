"""The demo's firms: people with addresses, whom the keeper of registers writes to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.identity import normalise_key
from policies.models import Organisation, Party, Person, Policy, ProductVersion
from policies.rules import ContractKind, Role


@dataclass(frozen=True)
class Employee:
    insured_id: str
    name: tuple[str, str, str]  # surname, given name, patronymic
    born: date
    email: str
    language: str


@dataclass(frozen=True)
class Firm:
    name: str
    programme: str
    people: tuple[Employee, ...]


FIRMS = [
    Firm("ТОО «Алма»", "sphera", (
        Employee("4410027655", ("Сейітова", "Гүлнар", "Талғатқызы"), date(1979, 4, 18), "gulnar@alma.example", "kk"),
        Employee("4410027630", ("Орлов", "Пётр", "Игоревич"), date(1968, 11, 2), "petr@alma.example", "ru"),
        Employee("4410027648", ("Тан", "Вера", ""), date(1992, 7, 23), "vera@alma.example", "en"),
    )),
    Firm("ООО «Ромашка»", "sogaz-health", (
        Employee("1825 DM 0424", ("Иванова", "Нина", "Павловна"), date(1959, 2, 28), "nina@romashka.example", "ru"),
        Employee("1825 DM 0425", ("Ким", "Олег", ""), date(1987, 12, 9), "oleg@romashka.example", "en"),
    )),
]  # fmt: skip


def invent_firms(*, now: datetime) -> None:
    """Their people are open for activation; who is there already stays as they are."""
    for firm in FIRMS:
        version = ProductVersion.objects.current().get(product__code=firm.programme)
        insurer = version.product.insurer
        employer, _ = Organisation.objects.get_or_create(insurer=insurer, name=firm.name)
        for employee in firm.people:
            if not Policy.objects.filter(insurer=insurer, insured_key=normalise_key(employee.insured_id)).exists():
                insure(employee, version, employer, today=insurer.today(now))


def insure(employee: Employee, version: ProductVersion, employer: Organisation, *, today: date) -> None:
    insurer, (surname, given_name, patronymic) = version.product.insurer, employee.name
    person = Person.objects.create(
        insurer=insurer, surname=surname, given_name=given_name, patronymic=patronymic, birth_date=employee.born,
        email=employee.email, language=employee.language,
    )  # fmt: skip
    number = f"К-{employee.insured_id[-4:]}/26"
    policy = Policy.objects.create(
        insurer=insurer, product_version=version, insured_id=employee.insured_id,
        insured_key=normalise_key(employee.insured_id), contract_kind=ContractKind.CORPORATE, contract_number=number,
        contract_key=normalise_key(number), signed_on=today - timedelta(days=10), cover_starts_on=today,
        cover_ends_on=today + timedelta(days=365),
    )  # fmt: skip
    Party.objects.create(policy=policy, person=person, role=Role.INSURED)
    Party.objects.create(policy=policy, organisation=employer, role=Role.POLICYHOLDER)


def what_to_try() -> str:
    lines = ["Write to a firm’s people: as keeper of registers, «Mailings to firms’ people» → Add. Letters go to"]
    for firm in FIRMS:
        people = ", ".join(f"{' '.join(one.name).strip()}, {one.born:%d.%m.%Y}: {one.email}" for one in firm.people)
        lines.append(f"{firm.name} ({firm.programme}): {people}")
    return "\n".join(lines)
