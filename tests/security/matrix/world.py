"""Four households at two insurers, and a browser for everybody who may come asking for them."""

from dataclasses import dataclass, field
from datetime import date
from http.cookies import SimpleCookie
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.models import GuestAccess, User
from activation.models import CodeBatch, Mailing
from activation.rules import LINKS_LIVE, MailingState, Proof
from activation.services.begin import Claimed
from activation.services.finish import attach_policy
from core.models import AuditEvent, CalendarDay
from notices.models import Notice
from policies.models import (
    Access,
    ConsentAct,
    ConsentText,
    Difference,
    Document,
    Insurer,
    Invitation,
    Organisation,
    Party,
    Person,
    Policy,
    StaffMembership,
)
from policies.rules import AccessKind, AccessScope, Role, StaffRole
from policies.rules.documents import DocumentKind
from policies.rules.family import INVITED, LIFE, InvitationState
from telemed.models import Doctor
from telemed.queries.files import unsent_files
from telemed.rules import State as TalkState
from tests.accounts.guests import an_access, comes_in
from tests.factories import TODAY, a_policy, an_insurer, another_insurer
from tests.people import a_person, insured_browser, staff_browser
from tests.policies.registers import a_row, as_csv, checked
from tests.security.matrix.actors import DOCTORS, GUESTS, REACH, STAFF, Actor, Household
from tests.security.matrix.cases import keys_of_case
from tests.security.matrix.desks import a_desk, a_file, keys_of_desk, keys_of_talks
from tests.security.matrix.passkeys import a_passkey
from tests.security.matrix.payments import keys_of_payments
from tests.security.matrix.reviews import READERS, keys_of_review
from tests.telemed.factories import a_consultation, a_doctor, on_duty


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
    Actor.COORDINATOR: [StaffRole.COORDINATOR],
    Actor.REVIEWER: [StaffRole.REVIEWER],
    Actor.APPROVER: [StaffRole.APPROVER],
    Actor.CASHIER: [StaffRole.CASHIER],
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
    an_insurer("sogaz")  # at whose door one registers
    an_insurer("nomad-life")
    world.users = {actor: a_user(actor) for actor in Actor if actor not in GUESTS | {Actor.VISITOR}}
    for actor, roles in ROLES.items():
        insurer = other if actor is Actor.ELSEWHERE else nsk
        for role in roles:
            StaffMembership.objects.create(user=world.users[actor], insurer=insurer, role=role)
    on_duty(world.users[Actor.DOCTOR], insurer=nsk)
    for actor in DOCTORS:
        a_desk(world.users[actor], nsk, slug=actor.name.lower(), mark=actor.name)
    for household, facts in HOUSEHOLDS.items():
        settle(world, household, facts, other if household is Household.DANA else nsk)
    let_in(world)
    world.keys |= {
        "membership": {Household.AIGUL: str(StaffMembership.objects.order_by("pk")[0].pk)},
        "group": {Household.AIGUL: str(Group.objects.create(name="Группа").pk)},
        "calendar day": {Household.AIGUL: str(CalendarDay.objects.create(country="KZ", date=TODAY, kind="off").pk)},
    }
    world.cookies = {actor: cookies_of(a_browser(actor, world)) for actor in Actor}
    return world


def a_user(actor: Actor) -> User:
    works = actor in {*ROLES, Actor.CHIEF, *DOCTORS}
    user = a_person(f"{actor.name.lower()}@cast.example", is_staff=works, is_superuser=actor is Actor.CHIEF)
    a_passkey(user, name=f"{actor.name} key")
    return user


def settle(world: World, household: Household, facts: Facts, insurer: Insurer) -> None:
    """One object of every kind, and the marks that all of them bear."""
    user = world.users[facts.account]
    policy = insured(facts, insurer)
    activate(policy, user, facts)
    readers = [world.users[actor] for actor in READERS]
    keys = {
        **keys_of_policy(policy, user, facts),
        **keys_of_registers(policy, facts, by=world.users[Actor.REGISTRAR]),
        **keys_of_waiting(user, policy, facts.surname),
        **keys_of_account(user, insurer),
        **keys_of_talks(user, policy, doctor_of(world, household), facts.surname),
        **keys_of_case(user, policy, facts.surname),
        **keys_of_review(user, policy, facts.surname, readers=readers),
        **keys_of_payments(user, policy, facts.surname, readers=readers),
    }
    if household in DESKS:
        keys |= keys_of_desk(doctor_of(world, household))
    for kind, key in keys.items():
        world.keys.setdefault(kind, {})[household] = str(key)
    world.marks[household] = facts.texts | {user.email, f"{facts.account.name} key"}
    world.marks[household] |= {str(keys[kind]) for kind in MARKED}


# Kinds whose keys nothing but this household's own pages may name.
MARKED = ("policy", "person", "batch", "register", "difference", "mailing", "consultation", "unpaid consultation")


def insured(facts: Facts, insurer: Insurer) -> Policy:
    return a_policy(
        facts.insured_id, insurer=insurer, contract_number=facts.contract, given_name=facts.given_name,
        surname=facts.surname, birth_date=facts.birth_date, iin=facts.iin, phone=facts.phone, email=facts.email,
    )  # fmt: skip


def keys_of_policy(policy: Policy, user: User, facts: Facts) -> dict[str, Any]:
    """The policy, its insured person, and what is told of both."""
    person = policy.insured
    beside = unsent_files(user, person)
    return {
        "policy": policy.public_id,
        "person": person.public_id,
        "person's policy": f"{person.public_id}/{policy.public_id}",
        "person's service": f"{person.public_id}/specialist",
        "person's speciality": f"{person.public_id}/specialist/cardiologist",
        "person's doctor": f"{person.public_id}/specialist/cardiologist/nearest",
        "person's account": f"{person.public_id}/{user.public_id}",
        "person's file": f"{person.public_id}/{a_file(beside, user, facts.surname).public_id}",
        "document": f"{policy.public_id}/{a_document(policy, facts).public_id}",
        "consent": a_consent(user, policy).public_id,
        "invitation": an_invitation(person, user, facts).public_id,
    }


def keys_of_registers(policy: Policy, facts: Facts, *, by: User) -> dict[str, Any]:
    """What whoever keeps the registers sees: a register, a difference found in it, codes, and a mailing with a guest."""
    product = policy.product_version.product
    row = a_row(ID=facts.insured_id, Имя=facts.given_name, Фамилия=facts.surname, ИИН="")
    refused = row | {"ID": f"{facts.insured_id}-", "Дата рождения": ""}
    register = checked(as_csv(row, refused), product=product, by=by, name=f"{facts.surname}.csv")
    difference = Difference.objects.create(
        person=policy.insured, register=register, field="email", on_file=facts.email, in_register=f"new.{facts.email}"
    )
    mailing, guest = a_mailing_to(policy, facts, by=by)
    return {
        "register": register.public_id,
        "difference": difference.public_id,
        "batch": CodeBatch.objects.create(product=product, issued_by=by, codes=0).public_id,
        "mailing": mailing.public_id,
        "guest": f"{mailing.public_id}/{guest.public_id}",
    }


def keys_of_account(user: User, insurer: Insurer) -> dict[str, Any]:
    """And what its activation left behind."""
    return {
        "account": user.pk,
        "passkey": Authenticator.objects.get(user=user).pk,
        "event": AuditEvent.objects.filter(scope=insurer.slug).latest("pk").pk,
        "message": Notice.objects.filter(to=user.email).latest("pk").pk,
    }


def keys_of_waiting(user: User, policy: Policy, mark: str) -> dict[str, Any]:
    """Consultations that no doctor has taken."""
    waiting = a_consultation(user, policy, complaint=mark)
    unpaid = a_consultation(user, policy, TalkState.UNPAID, close_one=f"Мама {mark}", price=5000)
    call = a_consultation(user, policy, TalkState.UNANSWERED, close_one=f"Брат {mark}", complaint=mark)
    return {
        "consultation": waiting.public_id,
        "consultation's file": f"{waiting.public_id}/{a_file(waiting.files, user, mark).public_id}",
        "unpaid consultation": unpaid.public_id,
        "call": call.public_id,
    }


DESKS = {Household.AIGUL: Actor.DOCTOR, Household.CHILD: Actor.COLLEAGUE}


def doctor_of(world: World, household: Household) -> Doctor:
    """Others than Aigul and the child are treated by somebody whom nobody here is."""
    actor = DESKS.get(household)
    if actor:
        return Doctor.objects.get(user=world.users[actor])
    return Doctor.objects.filter(user=None).first() or a_doctor(None, slug="nobody")


def a_mailing_to(policy: Policy, facts: Facts, *, by: User) -> tuple[Mailing, GuestAccess]:
    """The household's policy is its employer's from now on. Whoever sees the report sees its own people in it."""
    firm = Organisation.objects.create(insurer=policy.insurer, name=f"ТОО «{facts.surname}»")
    Party.objects.filter(policy=policy, role=Role.POLICYHOLDER).update(person=None, organisation=firm)
    now = timezone.now()
    mailing = Mailing.objects.create(
        product=policy.product_version.product, organisation=firm, pace=60, language="ru", started_by=by, started_at=now,
        links_until=now + LINKS_LIVE, handed_until=now, state=MailingState.DONE,
    )  # fmt: skip
    return mailing, an_access(mailing, f"{facts.insured_id}@guest.example")


def a_document(policy: Policy, facts: Facts) -> Document:
    return Document.objects.create(
        policy=policy, product_version=policy.product_version, kind=DocumentKind.APPENDIX_1, language="ru", size=1,
        file=ContentFile(facts.surname.encode(), name="appendix"),
    )  # fmt: skip


def a_consent(user: User, policy: Policy) -> ConsentAct:
    words = {part: {"ru": "Да", "kk": "Иә", "en": "Yes"} for part in ("titles", "texts", "after_withdrawal")}
    text, _ = ConsentText.objects.get_or_create(
        insurer=policy.insurer, code="personal_data", number=1, defaults={"content": words}
    )
    return ConsentAct.objects.create(user=user, person=policy.insured, text=text, event="given", language="ru")


def activate(policy: Policy, user: User, facts: Facts) -> None:
    attach_policy(
        claimed=Claimed(policy, Proof.CONTRACT_NUMBER, nonce=facts.insured_id), kind=facts.kind, user=user,
        language="ru", now=timezone.now(),
    )  # fmt: skip
    if facts.account is Actor.LIMITED:
        Access.objects.filter(user=user).update(scope=AccessScope.LIMITED)


def an_invitation(person: Person, user: User, facts: Facts) -> Invitation:
    return Invitation.objects.create(
        person=person, by=user, email=f"invited.{facts.email}", kind=AccessKind.REPRESENTATIVE,
        key_hash=facts.insured_id, expires_at=timezone.now() + LIFE,
    )  # fmt: skip


def let_in(world: World) -> None:
    """One who was invited to Aigul's affairs, and one whose right to them has ended with her 18th birthday."""
    invitation = Invitation.objects.get(public_id=world.keys["invitation"][Household.AIGUL])
    rights = {Actor.INVITED: AccessKind.REPRESENTATIVE, Actor.FORMER: AccessKind.GUARDIAN}
    given = {
        actor: Access.objects.create(
            user=world.users[actor], person=invitation.person, kind=kind, scope=AccessScope.FULL, proof=INVITED
        )
        for actor, kind in rights.items()
    }
    invitation.state, invitation.access = InvitationState.ACCEPTED, given[Actor.INVITED]
    invitation.save()


def a_browser(actor: Actor, world: World) -> Client:
    """Signed in this minute, so that no page asks for the password once more."""
    if actor is Actor.VISITOR:
        return Client()
    if actor in GUESTS:
        return a_guest(world.keys["mailing"][next(iter(REACH[actor]))])
    user = world.users[actor]
    if actor in STAFF:
        return staff_browser(user)
    browser = insured_browser(user)
    if actor is Actor.CLOSED:
        User.objects.filter(pk=user.pk).update(is_active=False)
    return browser


def a_guest(mailing: str) -> Client:
    """Who has come in by the link and the code."""
    contact, browser = f"{mailing}@hr.example", Client()
    an_access(Mailing.objects.get(public_id=mailing), contact)
    comes_in(browser, contact)
    return browser


def cookies_of(browser: Client) -> dict[str, str]:
    browser.get("/accounts/profile/")  # notes in the session when it was seen
    return {name: morsel.value for name, morsel in browser.cookies.items()}
