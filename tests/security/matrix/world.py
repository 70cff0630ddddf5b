"""Four households at two insurers, and a browser for everybody who may come asking for them."""

from dataclasses import dataclass, field
from datetime import date
from http.cookies import SimpleCookie

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from activation.models import CodeBatch
from activation.rules import Proof
from activation.services.begin import Claimed
from activation.services.finish import attach_policy
from core.models import AuditEvent, CalendarDay
from notices.models import Notice
from policies.models import Access, Difference, Document, Insurer, Policy, StaffMembership
from policies.rules import AccessKind, AccessScope, StaffRole
from policies.rules.documents import DocumentKind
from tests.factories import TODAY, a_policy, an_insurer, another_insurer
from tests.people import a_person, insured_browser, staff_browser
from tests.policies.registers import a_row, as_csv, checked
from tests.security.matrix.actors import STAFF, Actor, Household
from tests.security.matrix.passkeys import a_passkey


@dataclass(frozen=True)
class Facts:
    """What stands nowhere but in this household's rows: wherever one of them is read, the household leaks."""

    given_name: str
    surname: str
    insured_id: str
    iin: str
    phone: str
    account: Actor
    kind: AccessKind = AccessKind.SELF
    birth_date: date = date(1961, 3, 14)

    @property
    def email(self) -> str:
        return f"{self.insured_id}@household.example"

    @property
    def contract(self) -> str:
        return f"К-{self.insured_id}"

    @property
    def texts(self) -> set[str]:
        return {self.given_name, self.surname, self.insured_id, self.iin, self.phone, self.email, self.contract}


HOUSEHOLDS = {
    Household.AIGUL: Facts("Айгульим", "Айгульфам", "4410027531", "610314400017", "+77010000001", Actor.OWNER),
    Household.CHILD: Facts(
        "Балаим", "Балафам", "4410027532", "150314500018", "+77010000002", Actor.GUARDIAN, AccessKind.GUARDIAN,
        birth_date=date(2015, 3, 14),
    ),
    Household.NURLAN: Facts("Нурланим", "Нурланфам", "4410027533", "610314300019", "+77010000003", Actor.LIMITED),
    Household.DANA: Facts("Данаим", "Данафам", "9920027534", "610314400010", "+77010000004", Actor.STRANGER),
}  # fmt: skip
ROLES = {
    Actor.NEWCOMER: list(StaffRole),
    Actor.OPERATOR: [StaffRole.OPERATOR],
    Actor.REGISTRAR: [StaffRole.REGISTRAR],
    Actor.AUDITOR: [StaffRole.AUDITOR],
    Actor.ELSEWHERE: list(StaffRole),
}


NOBODYS = {True: "987654321", False: "00000000-0000-4000-8000-000000000000"}  # by whether keys are numbers


@dataclass
class World:
    """`keys`: kind of object → household → its key in an address. `marks`: household → what gives it away on a page.

    What belongs to no household stands under the first one.
    """

    users: dict[Actor, User] = field(default_factory=dict)
    cookies: dict[Actor, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, dict[Household, str]] = field(default_factory=dict)
    marks: dict[Household, set[str]] = field(default_factory=dict)
    client: Client = field(default_factory=Client)

    def browser(self, actor: Actor) -> Client:
        """As it was when the actor had just signed in. One client for all: loading the middleware takes its time."""
        self.client.cookies = SimpleCookie(self.cookies[actor])
        return self.client

    def key(self, kind: str, household: Household | None) -> str:
        """Of the object of this kind; None: a key of the same form that nothing has."""
        keys = self.keys[kind]
        return keys[household] if household else "/".join(map(nobodys, next(iter(keys.values())).split("/")))


def nobodys(key: str) -> str:
    return NOBODYS[key.isdigit()]


def a_world() -> World:
    world, nsk, other = World(), an_insurer(), another_insurer()
    world.users = {actor: a_user(actor) for actor in Actor if actor is not Actor.VISITOR}
    for actor, roles in ROLES.items():
        insurer = other if actor is Actor.ELSEWHERE else nsk
        for role in roles:
            StaffMembership.objects.create(user=world.users[actor], insurer=insurer, role=role)
    for household, facts in HOUSEHOLDS.items():
        settle(world, household, facts, other if household is Household.DANA else nsk)
    world.keys |= {
        "membership": {Household.AIGUL: str(StaffMembership.objects.order_by("pk")[0].pk)},
        "group": {Household.AIGUL: str(Group.objects.create(name="Группа").pk)},
        "calendar day": {Household.AIGUL: str(CalendarDay.objects.create(country="KZ", date=TODAY, kind="off").pk)},
    }
    world.cookies = {actor: cookies_of(a_browser(actor, world)) for actor in Actor}
    return world


def a_user(actor: Actor) -> User:
    works = actor in {*ROLES, Actor.CHIEF}
    user = a_person(f"{actor.name.lower()}@cast.example", is_staff=works, is_superuser=actor is Actor.CHIEF)
    a_passkey(user, name=f"{actor.name} key")
    return user


def settle(world: World, household: Household, facts: Facts, insurer: Insurer) -> None:
    """One object of every kind, and the marks that all of them bear."""
    user = world.users[facts.account]
    policy = a_policy(
        facts.insured_id, insurer=insurer, contract_number=facts.contract, given_name=facts.given_name,
        surname=facts.surname, birth_date=facts.birth_date, iin=facts.iin, phone=facts.phone, email=facts.email,
    )  # fmt: skip
    activate(policy, user, facts)
    row = a_row(ID=facts.insured_id, Имя=facts.given_name, Фамилия=facts.surname, ИИН="")
    refused = row | {"ID": f"{facts.insured_id}-", "Дата рождения": ""}
    register = checked(
        as_csv(row, refused), product=policy.product_version.product, by=world.users[Actor.REGISTRAR],
        name=f"{facts.surname}.csv",
    )  # fmt: skip
    difference = Difference.objects.create(
        person=policy.insured, register=register, field="email", on_file=facts.email, in_register=f"new.{facts.email}"
    )
    product = policy.product_version.product
    batch = CodeBatch.objects.create(product=product, issued_by=world.users[Actor.REGISTRAR], codes=0)
    keys = {
        "policy": policy.public_id,
        "batch": batch.public_id,
        "document": f"{policy.public_id}/{a_document(policy, facts).public_id}",
        "register": register.public_id,
        "difference": difference.public_id,
        "event": AuditEvent.objects.filter(scope=insurer.slug).latest("pk").pk,
        "message": Notice.objects.filter(to=user.email).latest("pk").pk,
        "passkey": Authenticator.objects.get(user=user).pk,
        "account": user.pk,
    }
    for kind, key in keys.items():
        world.keys.setdefault(kind, {})[household] = str(key)
    world.marks[household] = facts.texts | {user.email, f"{facts.account.name} key"}
    world.marks[household] |= {str(row.public_id) for row in (policy, batch, register, difference)}


def a_document(policy: Policy, facts: Facts) -> Document:
    return Document.objects.create(
        policy=policy, product_version=policy.product_version, kind=DocumentKind.APPENDIX_1, language="ru", size=1,
        file=ContentFile(facts.surname.encode(), name="appendix"),
    )  # fmt: skip


def activate(policy: Policy, user: User, facts: Facts) -> None:
    attach_policy(
        claimed=Claimed(policy, Proof.CONTRACT_NUMBER, nonce=facts.insured_id), kind=facts.kind, user=user,
        language="ru", now=timezone.now(),
    )  # fmt: skip
    if facts.account is Actor.LIMITED:
        Access.objects.filter(user=user).update(scope=AccessScope.LIMITED)


def a_browser(actor: Actor, world: World) -> Client:
    """Signed in this minute, so that no page asks for the password once more."""
    if actor is Actor.VISITOR:
        return Client()
    user = world.users[actor]
    if actor in STAFF:
        return staff_browser(user)
    browser = insured_browser(user)
    if actor is Actor.CLOSED:
        User.objects.filter(pk=user.pk).update(is_active=False)
    return browser


def cookies_of(browser: Client) -> dict[str, str]:
    browser.get("/accounts/profile/")  # notes in the session when it was seen
    return {name: morsel.value for name, morsel in browser.cookies.items()}
