"""Who lives in the database that the benches measure: insured people of one insurer, accounts that own their policies."""

import re
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Device, User
from accounts.services import hash_of
from policies.models import Access, Insurer, Party, Person, Policy, ProductVersion
from policies.rules import AccessKind, AccessScope, ContractKind, Role
from policies.services.products import publish_file
from tests.factories import PRODUCTS

PROGRAMME = "sphera"
INSURED, OWNERS = 20_000, 500  # the first OWNERS have accounts
POLICIES_OF_AN_OWNER = 2  # one's own and a parent's
PASSWORD = "Tulpan 1950 gul"


def settle() -> None:
    """Policies signed two months ago, without a contact on file: step 1 leads straight to step 2."""
    for path in sorted(PRODUCTS.glob("*.toml")):
        publish_file(path=path)
    insurer = Insurer.objects.get(slug="nsk")
    people = Person.objects.bulk_create(map(a_person, [insurer] * INSURED, range(INSURED)))
    version = ProductVersion.objects.current().get(product__code=PROGRAMME)
    policies = Policy.objects.bulk_create(a_policy(version, number) for number in range(INSURED))
    for role in (Role.INSURED, Role.POLICYHOLDER):
        Party.objects.bulk_create(
            Party(policy=policy, person=person, role=role) for policy, person in zip(policies, people, strict=True)
        )
    open_accounts(people)


def a_person(insurer: Insurer, number: int) -> Person:
    return Person(
        insurer=insurer, surname="Садыкова", given_name=given_name(number), birth_date=born(number),
        search_key=f"садыкова айгуль{number}", sort_key=f"{number:08}",
    )  # fmt: skip


def a_policy(version: ProductVersion, number: int) -> Policy:
    today = timezone.localdate()
    return Policy(
        insurer=version.product.insurer, product_version=version, insured_id=insured_id(number),
        insured_key=insured_id(number), contract_kind=ContractKind.INDIVIDUAL, contract_number=f"Д-{number}",
        contract_key=f"Д{number}", signed_on=today - timedelta(days=60), cover_starts_on=today - timedelta(days=45),
        cover_ends_on=today + timedelta(days=320),
    )  # fmt: skip


def insured_id(number: int) -> str:
    return f"{4_410_000_000 + number}"


def given_name(number: int) -> str:
    return f"Айгуль{number}"


NAME = re.compile(r"Айгуль\d+")


def born(number: int) -> date:
    return date(1950, 1, 1) + timedelta(days=number)


def open_accounts(people: list[Person]) -> None:
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(User(email=email(number), password=password) for number in range(OWNERS))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in users
    )
    now = timezone.now()
    Device.objects.bulk_create(
        Device(user=user, key_hash=hash_of(device_key(number)), first_seen=now, last_seen=now)
        for number, user in enumerate(users)
    )
    own = [access(user, people[number], AccessKind.SELF) for number, user in enumerate(users)]
    parents = [access(user, people[OWNERS + number], AccessKind.REPRESENTATIVE) for number, user in enumerate(users)]
    Access.objects.bulk_create(own + parents)


def access(user: User, person: Person, kind: AccessKind) -> Access:
    return Access(user=user, person=person, kind=kind, scope=AccessScope.FULL, proof="facts")


def email(number: int) -> str:
    return f"owner{number}@example.kz"


def device_key(number: int) -> str:
    """What the browser of an owner keeps."""
    return f"browser-of-{number}"


def facts(number: int) -> dict[str, Any]:
    """What somebody types at step 1."""
    return {"insured_id": insured_id(number)} | birth_date(number)


def birth_date(number: int) -> dict[str, str]:
    """In its three boxes."""
    day = born(number)
    return {"birth_date_0": f"{day:%d}", "birth_date_1": f"{day:%m}", "birth_date_2": f"{day:%Y}"}
