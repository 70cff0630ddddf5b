"""The demo's policies of the other doors: with codes (Kazakhinstrakh), of borrowers (Nomad Life), on cards (SOGAZ)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from activation.models import CodeBatch
from activation.services.codes import issue_codes, withdraw_batch
from core.identity import normalise_key
from policies.models import Party, Person, Policy, Product, ProductVersion
from policies.rules import ContractKind, Rendering, Role
from policies.services.consultations import record_rendered


@dataclass(frozen=True)
class Sample:
    number: str
    programme: str
    name: tuple[str, str, str]  # surname, given name, patronymic
    born: date
    story: str = ""
    iin: str | None = None
    phone: str = ""  # on file, E.164
    kind: ContractKind = ContractKind.INDIVIDUAL
    covered_for: int | None = None  # days, on whichever day the demo starts. None: cover counts from the activation
    sum_insured: Decimal | None = None
    rendered: tuple[Rendering, ...] = ()  # consultations before the demo began

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, self.name))


DOCTOR, CHILD, LIFE, HEALTH = "personal-doctor", "childrens-doctor", "life-with-telemedicine", "sogaz-health"
WITH_CODES = [
    Sample("LV-0000117", DOCTOR, ("Садыкова", "Айгуль", "Сериковна"), date(1961, 3, 14), iin="610314400020"),
    Sample("LV-0000118", DOCTOR, ("Абенов", "Ерлан", "Тулегенович"), date(1958, 7, 2), iin="580702300015"),
    Sample("DD-0000021", CHILD, ("Нұрланов", "Әлихан", "Дәуренұлы"), date(2016, 9, 5), iin="160905500014"),
]
SUM = Decimal(2_000_000)
BORROWERS = [
    Sample(
        "NL-0000041", LIFE, ("Сейтқали", "Гүлнар", "Болатқызы"), date(1979, 10, 25),
        "type her number: the code is in the SMS of the inbox", phone="+77015550141", covered_for=40,
        sum_insured=SUM, rendered=(Rendering.HELD, Rendering.CANCELLED_LATE, Rendering.NO_SHOW),
    ),
    Sample(
        "NL-0000042", LIFE, ("Пак", "Сергей", ""), date(1988, 2, 29),
        "type another number: a second code goes to his", phone="+77015550142", covered_for=1, sum_insured=SUM,
    ),
    Sample(
        "NL-0000043", LIFE, ("Иванова", "Мария", "Петровна"), date(1964, 6, 17),
        "no phone on file: any mobile number, and a limited cabinet", covered_for=1, sum_insured=SUM,
    ),
]  # fmt: skip
CARDS = [
    Sample(
        "1825 DM 0417", HEALTH, ("Смирнова", "Ольга", "Петровна"), date(1968, 5, 20),
        "no contact on file: limited access", kind=ContractKind.CORPORATE, covered_for=30,
    ),
    Sample(
        "1825 DM 0418", HEALTH, ("Смирнова", "Ольга", "Петровна"), date(1968, 5, 20),
        "her second policy; a code goes to the phone", phone="+79161234567", kind=ContractKind.CORPORATE, covered_for=30,
    ),
    Sample(
        "1825 DM 0419", HEALTH, ("Смирнов", "Илья", ""), date(2017, 10, 3),
        "her son, no patronymic: «my child’s policy»", kind=ContractKind.CORPORATE, covered_for=30,
    ),
]  # fmt: skip


def sheets(now: datetime) -> Iterator[tuple[str, Iterator[str]]]:
    """A heading and its lines for each door."""
    for sample in (*WITH_CODES, *BORROWERS, *CARDS):
        bring_up_to_date(sample, now)
    yield "Policy      code       IIN           insured", slips(now)
    yield "Mobile        born        insured (by SMS)             try", map(line_of_borrower, BORROWERS)
    yield (
        "Policy        born        insured: register at /activate/sogaz-health/, passport any 4 and 6 digits",
        map(line_of_card, CARDS),
    )


def bring_up_to_date(sample: Sample, now: datetime) -> None:
    """Issued once; covered as its story says on every day the demo is started."""
    version = ProductVersion.objects.current().get(product__code=sample.programme)
    insurer = version.product.insurer
    mine = Policy.objects.filter(insurer=insurer, insured_key=normalise_key(sample.number))
    is_new = not mine.exists()
    if is_new:
        issue(sample, version)
    if sample.covered_for is not None:
        starts = insurer.today(now) - timedelta(days=sample.covered_for)
        mine.update(signed_on=starts, cover_starts_on=starts, cover_ends_on=starts + timedelta(days=364))
    if is_new:
        render(sample, mine.get(), now)


def render(sample: Sample, policy: Policy, now: datetime) -> None:
    """One consultation a week, the last of them a week ago."""
    for weeks, how in zip(range(len(sample.rendered), 0, -1), sample.rendered, strict=True):
        rendered_on = policy.insurer.today(now) - timedelta(weeks=weeks)
        record_rendered(
            person=policy.insured, policy=policy, reference=uuid4(), how=how, rendered_on=rendered_on, now=now
        )


def issue(sample: Sample, version: ProductVersion) -> None:
    insurer, key = version.product.insurer, normalise_key(sample.number)
    surname, given_name, patronymic = sample.name
    person = Person.objects.create(
        insurer=insurer, surname=surname, given_name=given_name, patronymic=patronymic, birth_date=sample.born,
        iin=sample.iin, phone=sample.phone,
    )  # fmt: skip
    policy = Policy.objects.create(
        insurer=insurer, product_version=version, insured_id=sample.number, insured_key=key,
        contract_kind=sample.kind, contract_number=sample.number, contract_key=key, sum_insured=sample.sum_insured,
    )  # fmt: skip
    Party.objects.create(policy=policy, person=person, role=Role.INSURED)
    if sample.kind == ContractKind.INDIVIDUAL:
        Party.objects.create(policy=policy, person=person, role=Role.POLICYHOLDER)


def slips(now: datetime) -> Iterator[str]:
    """With codes of this start of the demo: those of earlier starts are dead."""
    for product in Product.objects.filter(code__in={sample.programme for sample in WITH_CODES}).order_by("code"):
        for batch in CodeBatch.objects.filter(product=product, withdrawn_at=None):
            withdraw_batch(batch=batch, by=None, reason="the demo starts", now=now)
        for slip in issue_codes(product=product, by=None, now=now):
            person = slip.policy.insured
            yield f"{slip.policy.insured_id:<11} {slip.code:<10} {person.iin}  {person.full_name} ({product.code})"


def line_of_borrower(sample: Sample) -> str:
    return f"{sample.phone or '—':<13} {sample.born:%d.%m.%Y}  {sample.full_name:<28} {sample.story}"


def line_of_card(sample: Sample) -> str:
    return f"{sample.number}  {sample.born:%d.%m.%Y}  {sample.full_name} ({sample.story})"
