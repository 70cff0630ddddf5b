"""Every page of an operator and of a keeper of registers, and the way to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import get_language
from playwright.sync_api import expect

from accounts.models import User
from activation.models import Mailing
from activation.rules import Proof
from activation.services.begin import Claimed
from activation.services.finish import attach_policy
from policies.models import Insurer, Policy, Register, StaffMembership
from policies.rules import AccessKind, StaffRole
from tests.activation.desk import PEOPLE, page_of, page_of_person
from tests.activation.mailings import MAILINGS, a_mailing, insured
from tests.factories import a_policy, a_policy_with_a_code, an_insurer
from tests.journeys.test_an_operator_helps import SEARCH
from tests.journeys.visitor import Visitor
from tests.people import a_member, dana, oksana
from tests.policies.registers import ROW, a_row, as_csv, checked
from tests.telemed.factories import a_booking, a_doctor

CODES, REGISTERS, NOTICES = "/staff/activation/codebatch/", "/staff/policies/register/", "/staff/notices/notice/"


@dataclass
class Office:
    """One member of staff with two memberships; a client with a cabinet, a mailing, a register, a sheet of codes."""

    insurer: Insurer = field(default_factory=an_insurer)
    letter_to: Policy = field(default_factory=lambda: insured("Гүлнар", "gulnar@alma.kz", 81))
    client: Policy = field(default_factory=lambda: a_policy(iin="610314400010", phone="+77012344567"))

    def __post_init__(self) -> None:
        self.user = self._somebody()
        self.mailing: Mailing = a_mailing(by=self.user)
        account = dana(language=get_language())
        attach_policy(
            claimed=Claimed(self.client, Proof.CONTACT_CODE, "dana"), kind=AccessKind.SELF, user=account,
            language=account.language, now=timezone.now(),
        )  # fmt: skip
        a_booking(account, self.client, a_doctor(oksana(), insurer=self.insurer), timezone.now() + timedelta(hours=1))
        self.register: Register = checked(as_csv(ROW, a_row(**{"ID": "1", "Дата рождения": "31.02.1961"})))
        policy, _code = a_policy_with_a_code()
        self.sheet = f"{CODES}{policy.product_version.product.code_batches.get().public_id}/"
        a_policy_with_a_code("LV-0000118", iin=None)
        policy.activation_code.delete()  # so that there is somebody to issue one for

    def _somebody(self) -> User:
        user = a_member(StaffRole.OPERATOR, self.insurer, "marat@example.kz")
        for insurer in (self.insurer, an_insurer("kazakhinstrakh")):
            StaffMembership.objects.create(user=user, insurer=insurer, role=StaffRole.REGISTRAR)
        user.language = get_language()
        user.save(update_fields=["language"])
        return user

    def of_mailing(self, page: str) -> str:
        return f"{MAILINGS}{self.mailing.public_id}/{page}/"

    def of_register(self, page: str) -> str:
        return f"{REGISTERS}{self.register.public_id}/{page}/"


Way = Callable[[Visitor, Office], Visitor]


def looks(visitor: Visitor, office: Office, act: str, button: str) -> Visitor:
    """An act of looking, with the first of the usual reasons."""
    visitor.opens(page_of(office.client, act)).is_at(button).main.get_by_role("radio").first.check()
    return visitor.presses(button)


def unreasoned(visitor: Visitor, office: Office) -> Visitor:
    visitor.presses("Undo the activation")
    expect(visitor.main.locator(".errornote")).to_be_visible()
    return visitor


def the_sheet(visitor: Visitor, office: Office) -> Visitor:
    visitor.presses("Issue and show the sheet")
    return visitor.reads(
        "Print this page now: it is not shown again. Cut it along the lines and put each slip to its policy."
    )


def whom_it_reaches(visitor: Visitor, office: Office) -> Visitor:
    visitor.main.get_by_role("combobox").last.select_option(label="ТОО «Алма»")
    return visitor.presses("Show whom it reaches").reads("Get a letter now")


OPERATORS: dict[str, Way] = {
    "overview": lambda visitor, office: visitor.opens("/staff/").is_at("Overview"),
    "search": lambda visitor, office: visitor.opens(PEOPLE).reads(
        "Enter what the caller tells you. Only exact matches are found, and only at your insurer; spaces and dashes do not "
        "matter."
    ),
    "found": lambda visitor, office: (
        visitor.types(office.client.insured_id, into=SEARCH).presses("Search").reads_text("Айгуль С.")
    ),
    "a person": lambda visitor, office: visitor.opens(page_of_person(office.client)).reads("What the client sees now"),
    "an act": lambda visitor, office: visitor.opens(page_of(office.client, "undo")).is_at("Undo the activation"),
    "an act without a reason": unreasoned,
    "the IIN": lambda visitor, office: looks(visitor, office, "iin", "Show the full IIN").reads_text("610314400010"),
    "contacts": lambda visitor, office: looks(visitor, office, "contacts", "Show the contacts in full").reads(
        "Phone on file"
    ),
    "the client’s activation": lambda visitor, office: looks(
        visitor, office, "door", "See the activation as the client does"
    ).reads("Back to the file"),
    "the client’s cabinet": lambda visitor, office: looks(
        visitor, office, "home", "See the cabinet as the client does"
    ).is_at("Your policies"),
    "a caller": lambda visitor, office: visitor.opens("/assistance/callers/").is_at("A patient calls"),
    "a caller, found": lambda visitor, office: (
        visitor.types("+77012345678", into="Mobile number, or number of the request")
        .presses("Find")
        .reads_text("Айгуль")
    ),
    "a caller, warned": lambda visitor, office: visitor.follows_text("Айгуль").reads(
        "Read this to the caller, then ask once more"
    ),
    "messages": lambda visitor, office: visitor.opens(NOTICES).reads_text("d•••a@example.kz"),
}
KEEPERS: dict[str, Way] = {
    "registers": lambda visitor, office: visitor.opens(REGISTERS).reads_text("r.csv"),
    "upload": lambda visitor, office: visitor.opens(f"{REGISTERS}add/").reads("What the file should look like"),
    "register": lambda visitor, office: visitor.opens(office.of_register("change")).reads("What would be done"),
    "confirmation": lambda visitor, office: visitor.opens(office.of_register("confirmation")).reads(
        "The refused rows stay out. Download them, mend them and upload them as a register of their own."
    ),
    "discarding": lambda visitor, office: visitor.opens(office.of_register("withdrawal")).reads(
        "The register is put aside and changes nothing. Its page and its file stay."
    ),
    "sheets": lambda visitor, office: visitor.opens(CODES).reads_text("Казахинстрах"),
    "withdrawal": lambda visitor, office: visitor.opens(f"{office.sheet}withdrawal/").is_at("Withdraw the codes"),
    "new sheet": lambda visitor, office: visitor.opens(f"{CODES}add/").is_at("Issue activation codes"),
    "sheet": the_sheet,
    "mailings": lambda visitor, office: visitor.opens(MAILINGS).reads_text("ТОО «Алма»"),
    "new mailing": lambda visitor, office: visitor.opens(f"{MAILINGS}add/").is_at("Write to a firm’s people"),
    "whom it reaches": whom_it_reaches,
    "progress": lambda visitor, office: visitor.opens(office.of_mailing("change")).reads("Wait for their turn"),
    "bounces": lambda visitor, office: visitor.opens(office.of_mailing("bounces")).is_at("Addresses that came back"),
    "guests": lambda visitor, office: visitor.opens(office.of_mailing("guests")).is_at(
        "Who at the firm sees the report"
    ),
    "report": lambda visitor, office: visitor.opens(office.of_mailing("enrolment")).is_at("Who is enrolled"),
}
DESK = OPERATORS | KEEPERS
