"""The demo's policies with activation codes: Kazakhinstrakh's «Личный врач» and «Детский доктор»."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from activation.models import CodeBatch
from activation.services.codes import issue_codes, withdraw_batch
from core.identity import normalise_key
from policies.models import Insurer, Party, Person, Policy, ProductVersion
from policies.rules import ContractKind, Role


@dataclass(frozen=True)
class Insured:
    number: str
    programme: str
    iin: str
    name: tuple[str, str, str]  # surname, given name, patronymic
    born: date


CAST = [
    Insured("LV-0000117", "personal-doctor", "610314400020", ("Садыкова", "Айгуль", "Сериковна"), date(1961, 3, 14)),
    Insured("LV-0000118", "personal-doctor", "580702300015", ("Абенов", "Ерлан", "Тулегенович"), date(1958, 7, 2)),
    Insured("DD-0000021", "childrens-doctor", "160905500014", ("Нұрланов", "Әлихан", "Дәуренұлы"), date(2016, 9, 5)),
]


def fresh_slips(now: datetime) -> Iterator[str]:
    """A line for each policy that waits, with a code of this start of the demo: those of earlier starts are dead."""
    for insured in CAST:
        if not Policy.objects.filter(insured_key=normalise_key(insured.number)).exists():
            invent(insured)
    for code in sorted({insured.programme for insured in CAST}):
        product = ProductVersion.objects.current().get(product__code=code).product
        for batch in CodeBatch.objects.filter(product=product, withdrawn_at=None):
            withdraw_batch(batch=batch, by=None, reason="the demo starts", now=now)
        printed = issue_codes(product=product, by=None, now=now)
        for slip in printed:
            person = slip.policy.insured
            yield f"{slip.policy.insured_id:<11} {slip.code:<10} {person.iin}  {person.full_name} ({code})"


def invent(insured: Insured) -> None:
    insurer = Insurer.objects.get(slug="kazakhinstrakh")
    surname, given_name, patronymic = insured.name
    person = Person.objects.create(
        insurer=insurer, surname=surname, given_name=given_name, patronymic=patronymic, birth_date=insured.born,
        iin=insured.iin,
    )  # fmt: skip
    key = normalise_key(insured.number)
    policy = Policy.objects.create(
        insurer=insurer, product_version=ProductVersion.objects.current().get(product__code=insured.programme),
        insured_id=insured.number, insured_key=key, contract_kind=ContractKind.INDIVIDUAL,
        contract_number=insured.number, contract_key=key,
    )  # fmt: skip
    for role in (Role.INSURED, Role.POLICYHOLDER):
        Party.objects.create(policy=policy, person=person, role=role)
