"""Terms of products, and what a policy's dates mean today. Values in, values out: no models, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.calendar import add_calendar_days, last_day
from core.hours import OpeningHours
from policies.rules.claims import ClaimTerms
from policies.rules.consents import ConsentCode, Texts
from policies.rules.consultations import Consultations


class ContractKind(TextChoices):
    """NSK-02: who signed the contract decides the waiting period and where the numbers are printed."""

    INDIVIDUAL = "individual", _("individual")
    CORPORATE = "corporate", _("corporate")


class Role(TextChoices):
    """Nomad Life 2.1: the parties of a policy."""

    POLICYHOLDER = "policyholder", _("policyholder")
    INSURED = "insured", _("insured person")
    BENEFICIARY = "beneficiary", _("beneficiary")
    LENDER = "lender", _("lender")


class AccessKind(TextChoices):
    SELF = "self", _("the person")
    GUARDIAN = "guardian", _("parent or guardian")
    REPRESENTATIVE = "representative", _("representative")


class AccessScope(TextChoices):
    """Limited: policy facts only, until the insurer has confirmed who is behind the account."""

    LIMITED = "limited", _("limited")
    FULL = "full", _("full")


class StaffRole(TextChoices):
    OPERATOR = "operator", _("call-centre operator")
    REGISTRAR = "registrar", _("keeper of registers")
    AUDITOR = "auditor", _("auditor")
    COORDINATOR = "coordinator", _("coordinator of the telemedicine")  # TM-45: volume and quality, never what was said
    REVIEWER = "reviewer", _("claims reviewer")
    APPROVER = "approver", _("approver of claims")
    CASHIER = "cashier", _("payment officer")  # claims: what is paid to whom, never the documents


class Door(TextChoices):
    """How a person proves which policy is theirs."""

    ID_AND_BIRTH_DATE = "id_and_birth_date", _("ID and birth date")
    POLICY_CODE = "policy_code", _("policy number and activation code")
    MOBILE = "mobile", _("mobile number, name and birth date")
    OWN_NUMBER = "own_number", _("own data declared at the registration, then the policy number")
    ELSEWHERE = "elsewhere", _("outside this portal")

    @property
    def needs_account(self) -> bool:
        """SGZ-14, SGZ-15: first somebody registers, then they add policies."""
        return self == Door.OWN_NUMBER

    @property
    def number_name(self) -> Promise:
        """What the number that stands on a policy of this door is called where people read it."""
        return _("ID") if self in (Door.ID_AND_BIRTH_DATE, Door.ELSEWHERE) else _("Policy number")


class Credentials(TextChoices):
    """How somebody without an account comes to a password."""

    CHOSEN = "chosen", _("chosen at the door")
    LINK = "link", _("by the link in a letter")
    SMS = "sms", _("by the link in an SMS")


# What a product file may name the clause of.
CLAUSES = {
    "waiting_days", "cover", "covers", "covers_not", "paid_meanwhile", "relatives_included", "price_list",
    "illness_payment",
}  # fmt: skip


@dataclass(frozen=True)
class CoverTerm:
    """KIH-06, KIH-09: a cover that counts from the day of activation, not from the contract."""

    waiting_days: int  # calendar days from activation to the first day of cover
    months: int

    def of(self, activated_on: date) -> tuple[date, date]:
        """The first and the last day of cover: activated on 1 March, 15 days, 12 months → 16 March to 15 March."""
        first = add_calendar_days(activated_on, self.waiting_days)
        return first, last_day(first, months=self.months)


@dataclass(frozen=True)
class Terms:
    """One published version of a product: its rules as numbers, its texts per language."""

    names: Texts
    summary: Texts
    door: Door
    credentials: Credentials
    waiting_days: Mapping[ContractKind, int]  # calendar days from signing to activation; none: open at once
    cover: CoverTerm | None  # None: the cover's dates are printed
    appendix_1: bool  # KIH-03: what there is to know goes as a PDF to whoever activates
    needs_own_email: bool  # KIH-13: an address that opens another programme of this insurer is refused
    where_is_the_id: Mapping[ContractKind, Texts]
    where_is_the_cover_start: Mapping[ContractKind, Texts]
    consents: tuple[ConsentCode, ...]  # asked at the door; without all of them nobody gets in (TM-20)
    consultations: Consultations | None  # None: the programme has none
    claims: ClaimTerms  # a product that says nothing of them asks two approvers for every payout
    support: Texts  # whom to turn to when nobody was recognised as insured (TM-27)
    without_contact: AccessScope  # what an account may do when the insurer has no contact to confirm by
    elsewhere: Texts  # what to do when the door is not here
    clauses: Mapping[str, Texts]  # one of CLAUSES → where the contract says so

    @classmethod
    def from_data(cls, content: Mapping[str, Any]) -> "Terms":
        """Raise KeyError or ValueError where a published file lacks a rule or misspells it."""
        if unknown := set(content) - {field.name for field in fields(cls)}:
            raise ValueError(f"no such terms: {', '.join(sorted(unknown))}")
        door, credentials = Door(content["door"]), Credentials(content.get("credentials", Credentials.CHOSEN))
        if (door == Door.MOBILE) != (credentials == Credentials.SMS):
            raise ValueError("credentials by SMS go to the number that the door has proved, and only there")
        if door == Door.MOBILE and content.get("needs_own_email"):
            raise ValueError("at a door that begins with a number nobody has an e-mail yet")
        if unknown := set(content.get("clauses", {})) - CLAUSES:
            raise ValueError(f"clauses of no such terms: {', '.join(sorted(unknown))}")
        return cls(
            names=content["names"],
            summary=content["summary"],
            door=door,
            credentials=credentials,
            waiting_days=_by_kind(content.get("waiting_days", {})),
            cover=CoverTerm(**content["cover"]) if "cover" in content else None,
            appendix_1=content.get("appendix_1", False),
            needs_own_email=content.get("needs_own_email", False),
            where_is_the_id=_by_kind(content.get("where_is_the_id", {})),
            where_is_the_cover_start=_by_kind(content.get("where_is_the_cover_start", {})),
            consents=tuple(map(ConsentCode, content.get("consents", []))),
            consultations=Consultations.from_data(content["consultations"]) if "consultations" in content else None,
            claims=ClaimTerms.from_data(content["claims"]) if "claims" in content else ClaimTerms(),
            support=content.get("support", {}),
            without_contact=AccessScope(content.get("without_contact", AccessScope.LIMITED)),
            elsewhere=content.get("elsewhere", {}),
            clauses=content.get("clauses", {}),
        )


def _by_kind(data: Mapping[str, Any]) -> dict[ContractKind, Any]:
    return {ContractKind(kind): value for kind, value in data.items()}


@dataclass(frozen=True)
class ContactLine:
    """One way to reach the insurer: a call centre, a dispatch line. NSK-16, NSK-17."""

    labels: Texts
    phone: str  # as people read it
    tel: str  # as it is dialled; short numbers too
    email: str
    hours: OpeningHours
    notes: Texts

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "ContactLine":
        return cls(
            labels=data["labels"],
            phone=data.get("phone", ""),
            tel=data.get("tel", ""),
            email=data.get("email", ""),
            hours=OpeningHours.parse(data["hours"]),
            notes=data.get("notes", {}),
        )


class Standing(TextChoices):
    """What a policy's dates mean on a day."""

    NOT_ACTIVATED = "not_activated", _("Not activated")
    STARTS_LATER = "starts_later", _("Starts later")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Ended")


def standing(*, cover_starts_on: date | None, cover_ends_on: date | None, today: date) -> Standing:
    """Both dates belong to the cover; the last day counts to 24:00 (requirements.md, section 6).

    Without a first day the cover counts from an activation that nobody has made yet.
    """
    if cover_starts_on is None:
        return Standing.NOT_ACTIVATED
    if today < cover_starts_on:
        return Standing.STARTS_LATER
    if cover_ends_on is not None and today > cover_ends_on:
        return Standing.ENDED
    return Standing.IN_FORCE


ADULT_AT = 18  # years


def last_birth_date_of_an_adult(today: date) -> date:
    """Whoever was born on this day or before is 18 today. Born on 29 February: 18 on 1 March of a common year."""
    try:
        return today.replace(year=today.year - ADULT_AT)
    except ValueError:  # today is 29 February, the year of birth had none
        return date(today.year - ADULT_AT, 2, 28)


def comes_of_age_on(birth_date: date) -> date:
    """The first day on which `is_adult`."""
    try:
        return birth_date.replace(year=birth_date.year + ADULT_AT)
    except ValueError:  # born on 29 February, and the year of the 18th birthday has none
        return date(birth_date.year + ADULT_AT, 3, 1)


def is_adult(birth_date: date, *, today: date) -> bool:
    return birth_date <= last_birth_date_of_an_adult(today)


def is_outgrown(kind: str | None, birth_date: date, *, today: date) -> bool:
    """A guardian's right ends when the child comes of age (adr/0027). `kind`: an AccessKind, or None where there is no right."""
    return kind == AccessKind.GUARDIAN and is_adult(birth_date, today=today)
