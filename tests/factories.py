"""Insurers, policies and the people they cover. Everything has a default, so a test names only what it is about."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from activation.services.codes import issue_codes
from core.identity import normalise_key
from policies.models import Insurer, Organisation, Party, Person, Policy, ProductVersion
from policies.rules import ContractKind, Role
from policies.services.products import publish_file

PRODUCTS = Path(__file__).resolve().parents[1] / "policies/products"
BORN = date(1961, 3, 14)
TODAY = date(2026, 11, 21)  # a Saturday; tests that need a clock travel here


def an_insurer(slug: str = "nsk") -> Insurer:
    """From the data file of that name; published once a test."""
    if not Insurer.objects.filter(slug=slug).exists():
        publish_file(path=PRODUCTS / f"{slug}.toml")
    return Insurer.objects.get(slug=slug)


def a_product(insurer: Insurer | None = None) -> ProductVersion:
    """The first of this insurer's programmes."""
    versions = ProductVersion.objects.current().filter(product__insurer=insurer or an_insurer())
    return versions.order_by("product__position")[0]


def a_programme(code: str) -> ProductVersion:
    """Of an insurer that is published already, or by the file that has it."""
    return ProductVersion.objects.current().get(product__code=code)


def a_policy_with_a_code(
    number: str = "LV-0000117",
    *,
    programme: str = "personal-doctor",
    iin: str | None = "610314400020",
    **of_person: Any,
) -> tuple[Policy, str]:
    """Of Kazakhinstrakh, waiting for its activation, and the code on its slip."""
    insurer = an_insurer("kazakhinstrakh")
    policy = Policy.objects.create(
        insurer=insurer, product_version=a_programme(programme), insured_id=number, insured_key=normalise_key(number),
        contract_kind=ContractKind.INDIVIDUAL, contract_number=number, contract_key=normalise_key(number),
    )  # fmt: skip
    person = a_person(insurer, iin=iin, **of_person)
    for role in (Role.INSURED, Role.POLICYHOLDER):
        Party.objects.create(policy=policy, person=person, role=role)
    printed = issue_codes(product=policy.product_version.product, by=None, now=timezone.now())
    return policy, next(slip.code for slip in printed if slip.policy == policy)


def another_insurer() -> Insurer:
    """Sells the same door under another name: what belongs to the one must not be seen by the other."""
    other, _ = Insurer.objects.get_or_create(
        slug="other", defaults={"names": {"ru": "Другой"}, "hosts": ["other.test"]}
    )
    if not other.products.exists():
        content = a_product().content | {"names": {"ru": "Другая программа"}}
        product = other.products.create(code="other-health", position=9)
        ProductVersion.objects.create(product=product, number=1, digest="other", content=content)
    return other


def a_programme_beside(policy: Policy, **terms: Any) -> ProductVersion:
    """Of the same insurer, with `terms` of its own; of NSK's first programme what they leave open."""
    content = a_product().content | terms
    product = policy.insurer.products.create(code="beside", position=9)
    return ProductVersion.objects.create(product=product, number=1, digest="beside", content=content)


def a_programme_elsewhere() -> ProductVersion:
    """Whose door is outside this portal."""
    product = another_insurer().products.create(code="elsewhere", position=10)
    words = {"ru": "Вне портала"}
    content = {"door": "elsewhere", "names": words, "summary": words, "elsewhere": {"ru": "Спросите у страховщика"}}
    return ProductVersion.objects.create(product=product, number=1, digest="elsewhere", content=content)


def a_person(insurer: Insurer | None = None, **facts: Any) -> Person:
    facts = {"surname": "Садыкова", "given_name": "Айгуль", "patronymic": "Сериковна", "birth_date": BORN} | facts
    return Person.objects.create(insurer=insurer or an_insurer(), **facts)


def a_policy(
    insured_id: str = "4410 0275 31",
    *,
    insurer: Insurer | None = None,
    person: Person | None = None,
    kind: ContractKind = ContractKind.INDIVIDUAL,
    signed_on: date | None = TODAY - timedelta(days=60),
    cover_starts_on: date = TODAY - timedelta(days=45),
    cover_ends_on: date | None = TODAY + timedelta(days=320),
    contract_number: str = "Д-2026/117",
    card_number: str = "",
    **of_person: Any,
) -> Policy:
    """Open for activation by default; `of_person` are facts of the insured (phone, email, birth_date, names)."""
    insurer = insurer or an_insurer()
    policy = Policy.objects.create(
        insurer=insurer,
        product_version=a_product(insurer),
        insured_id=insured_id,
        insured_key=normalise_key(insured_id),
        contract_kind=kind,
        contract_number=contract_number,
        contract_key=normalise_key(contract_number),
        card_number=card_number,
        card_key=normalise_key(card_number),
        signed_on=signed_on,
        cover_starts_on=cover_starts_on,
        cover_ends_on=cover_ends_on,
    )
    insured = person or a_person(insurer, **of_person)
    Party.objects.create(policy=policy, person=insured, role=Role.INSURED)
    if kind == ContractKind.CORPORATE:
        employer, _ = Organisation.objects.get_or_create(insurer=insurer, name="ТОО «Алма»", bin="120140012345")
        Party.objects.create(policy=policy, organisation=employer, role=Role.POLICYHOLDER)
    else:
        Party.objects.create(policy=policy, person=insured, role=Role.POLICYHOLDER)
    return policy


def a_borrower(
    number: str = "NL-0000041", *, person: Person | None = None, cover_starts_on: date = TODAY, **of_person: Any
) -> Policy:
    """Insured by Nomad Life through a bank; covered from today for a year, waiting for the activation."""
    insurer = an_insurer("nomad-life")
    policy = Policy.objects.create(
        insurer=insurer, product_version=a_programme("life-with-telemedicine"), insured_id=number,
        insured_key=normalise_key(number), contract_kind=ContractKind.INDIVIDUAL, contract_number=number,
        contract_key=normalise_key(number), signed_on=cover_starts_on, cover_starts_on=cover_starts_on,
        cover_ends_on=cover_starts_on + timedelta(days=364),
    )  # fmt: skip
    insured = person or a_person(insurer, **of_person)
    for role in (Role.INSURED, Role.POLICYHOLDER):
        Party.objects.create(policy=policy, person=insured, role=role)
    return policy
