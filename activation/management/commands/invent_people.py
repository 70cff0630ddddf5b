"""The demo's cast: one invented person for each state of an activation, and staff who sign in by one-time links."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from activation.management.firm import invent_firms, what_to_try
from activation.management.slips import sheets
from activation.models import Activation
from activation.rules import Proof
from activation.services.begin import Claimed, begin_activation
from activation.services.finish import attach_policy, confirm_address, finish
from core.identity import normalise_key
from policies.models import Insurer, Organisation, Party, Person, Policy, ProductVersion, StaffMembership
from policies.queries import policy_with_insured
from policies.rules import AccessKind, ContractKind, Role, StaffRole

WAITS = {ContractKind.INDIVIDUAL: 15, ContractKind.CORPORATE: 3}


@dataclass(frozen=True)
class Invented:
    insured_id: str
    name: tuple[str, str, str]  # surname, given name, patronymic
    born: date
    opens_in: int  # days from today
    story: str
    kind: ContractKind = ContractKind.INDIVIDUAL
    phone: str = ""
    sex: str = "f"
    parent: str = ""  # ID of the policyholder
    iin: str = ""  # who has one is known to the demo's national sign-in


PARENT_EMAIL, PARENT_ID = "botagoz@example.kz", "4410027598"
CAST = [
    Invented("4410027531", ("Садыкова", "Айгуль", "Сериковна"), date(1961, 3, 14), 6, "activation opens in 6 days"),
    Invented("4410027549", ("Абенов", "Ерлан", "Тулегенович"), date(1958, 7, 2), 0, "opens today: activate it", sex="m"),
    Invented(
        "4410027556", ("Ким", "Виктор", ""), date(1985, 12, 31), 2, "card from an employer, opens in 2 days",
        ContractKind.CORPORATE, sex="m",
    ),
    Invented(
        "4410027564", ("Қабылова", "Жанар", "Әділқызы"), date(1990, 1, 1), -30, "open; a code goes to the phone on file",
        phone="+77012344567",
    ),
    Invented("4410027572", ("Оспанова", "Дина", "Маратовна"), date(1972, 5, 9), -10, "letter sent, not confirmed"),
    Invented("4410027580", ("Ли", "Анна", ""), date(1966, 8, 30), -10, "address confirmed, not finished"),
    Invented(PARENT_ID, ("Нұрланова", "Ботагөз", "Ерланқызы"), date(1984, 2, 11), -60, "activated: sign in"),
    Invented(
        "4410027606", ("Нұрланов", "Әлихан", "Дәуренұлы"), date(2016, 9, 5), -60, "her son, activated by her",
        sex="m", parent=PARENT_ID,
    ),
    Invented(
        "4410027614", ("Нұрланова", "Аружан", "Дәуренқызы"), date(2019, 6, 1), -60, "her daughter: add the policy",
        parent=PARENT_ID,
    ),
    Invented(
        "4410027622", ("Тулегенов", "Нурлан", "Ержанович"), date(1979, 4, 20), -20, "sign in with Digital ID",
        sex="m", iin="790420300313",
    ),
]  # fmt: skip
STAFF = [
    ("operator@example.kz", "Call-centre operator", StaffRole.OPERATOR),
    ("registrar@example.kz", "Keeper of registers", StaffRole.REGISTRAR),
    ("coordinator@example.kz", "Coordinator of doctors", StaffRole.COORDINATOR),
    ("reviewer@example.kz", "Reviewer of claims", StaffRole.REVIEWER),
    ("approver@example.kz", "Approver of claims", StaffRole.APPROVER),
    ("cashier@example.kz", "Payment officer", StaffRole.CASHIER),
    ("administrator@example.kz", "Administrator", None),
]


def at_the_national_service() -> dict[str, dict[str, Any]]:
    """What the demo's national sign-in says of those who have an IIN, by the name that it knows them under."""
    return {
        invented.insured_id: {
            "name": " ".join(invented.name), "iin": invented.iin, "birthdate": invented.born.isoformat(),
            "email": f"{invented.insured_id}@example.kz", "email_verified": True,
        }
        for invented in CAST
        if invented.iin
    }  # fmt: skip


class Command(BaseCommand):
    help = "Invent the demo's people, or bring their dates up to today, and print what to try. Only in the demo."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Invented people belong to the demo: DEMO is not set.")
        now = timezone.now()
        insurer = Insurer.objects.get(slug="nsk")
        for invented in CAST:
            bring_up_to_date(insurer, invented, today=insurer.today(now))
        invent_firms(now=now)
        tell_their_stories(insurer, now)
        self.stdout.write("ID          born        try")
        for invented in CAST:
            self.stdout.write(f"{invented.insured_id}  {invented.born:%d.%m.%Y}  {invented.story}")
        for heading, lines in sheets(now):
            self.stdout.write(f"\n{heading}")
            for line in lines:
                self.stdout.write(line)
        self.stdout.write(f"\n{what_to_try()}")
        parent = the_parent(insurer)
        self.stdout.write(f"\nSign in:    {parent.email}  password {fresh_password(parent)}\n")
        self.stdout.write("Staff, one-time links:")
        for email, title, role in STAFF:
            self.stdout.write(f"{title:<22} {staff_link(email, title, role, now)}")


def bring_up_to_date(insurer: Insurer, invented: Invented, *, today: date) -> None:
    """The cast keeps its promises («opens in 6 days») on every day the demo is started."""
    signed_on = today + timedelta(days=invented.opens_in - WAITS[invented.kind])
    dates = {
        "signed_on": signed_on,
        "cover_starts_on": signed_on + timedelta(days=15),
        "cover_ends_on": signed_on + timedelta(days=379),
    }
    key = normalise_key(invented.insured_id)
    if not Policy.objects.filter(insurer=insurer, insured_key=key).exists():
        invent(insurer, invented, dates)
    Policy.objects.filter(insurer=insurer, insured_key=key).update(**dates)


def invent(insurer: Insurer, invented: Invented, dates: dict[str, date]) -> None:
    surname, given_name, patronymic = invented.name
    person = Person.objects.create(
        insurer=insurer, surname=surname, given_name=given_name, patronymic=patronymic, birth_date=invented.born,
        sex=invented.sex, phone=invented.phone, iin=invented.iin or None,
    )  # fmt: skip
    number = f"Д-{invented.insured_id[-4:]}/26"
    policy = Policy.objects.create(
        insurer=insurer,
        product_version=ProductVersion.objects.current().get(product__code="sphera"),
        insured_id=invented.insured_id, insured_key=invented.insured_id, contract_kind=invented.kind,
        contract_number=number, contract_key=normalise_key(number), **dates,
    )  # fmt: skip
    Party.objects.create(policy=policy, person=person, role=Role.INSURED)
    if invented.kind == ContractKind.CORPORATE:
        employer, _ = Organisation.objects.get_or_create(insurer=insurer, name="ТОО «Алма»")
        Party.objects.create(policy=policy, organisation=employer, role=Role.POLICYHOLDER)
    else:
        parent = policy_with_insured(insurer=insurer, insured_key=invented.parent) if invented.parent else None
        Party.objects.create(policy=policy, person=parent.insured if parent else person, role=Role.POLICYHOLDER)


def tell_their_stories(insurer: Insurer, now: datetime) -> None:
    """Through the same services as everybody; what has been told once is left alone."""
    if Activation.objects.filter(policy__insurer=insurer).exists():
        return
    _waiting, _today, _corporate, _phone, pending, confirmed, parent, son, _daughter, _national = (
        claimed(insurer, invented) for invented in CAST
    )
    begin(pending, "dina@example.kz", now)
    confirm_address(activation=begin(confirmed, "anna@example.kz", now), now=now)
    begun = begin(parent, PARENT_EMAIL, now)
    confirm_address(activation=begun, now=now)
    finish(activation=begun, by=None, now=now)
    attach_policy(
        claimed=son, kind=AccessKind.GUARDIAN, user=User.objects.get(email=PARENT_EMAIL), language="ru", now=now
    )


def claimed(insurer: Insurer, invented: Invented) -> Claimed:
    policy = policy_with_insured(insurer=insurer, insured_key=invented.insured_id)
    assert policy  # noqa: S101 brought up to date a moment ago
    return Claimed(policy, Proof.CONTRACT_NUMBER, secrets.token_hex(16))


def begin(claimed: Claimed, email: str, now: datetime) -> Activation:
    return begin_activation(
        claimed=claimed, email=email, password=secrets.token_urlsafe(9), kind=AccessKind.SELF, language="ru", now=now
    )


def the_parent(insurer: Insurer) -> User:
    """Whoever tries the demo may have changed the address, or undone the activation: the account is still the first one."""
    begun = Activation.objects.filter(policy__insurer=insurer, policy__insured_key=PARENT_ID, user__isnull=False)
    user: Any = begun.select_related("user").earliest("pk").user
    return user


def fresh_password(user: User) -> str:
    """No default passwords: each start of the demo has its own."""
    password = f"{secrets.choice(['tulpan', 'kaktus', 'romashka'])} {secrets.randbelow(9000) + 1000}"
    user.set_password(password)
    user.save(update_fields=["password"])
    return password


def staff_link(email: str, title: str, role: StaffRole | None, now: datetime) -> str:
    address = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    user = address.user if address else accounts.open_staff_account(
        email=email, name=title, is_administrator=role is None, by=None
    )  # fmt: skip
    if role:
        for insurer in Insurer.objects.filter(slug__in=["nsk", "kazakhinstrakh", "nomad-life", "sogaz"]):
            StaffMembership.objects.get_or_create(user=user, insurer=insurer, role=role)
    return accounts.one_time_staff_link(user=user, now=now)
