"""The notice of an event (9.1, 9.2): registered at once, with a number, a time, the form and the list of documents.

A guest's is registered before anybody looks for a contract, so the answer says nothing about whether there is one (adr/0042).
"""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import GuestAccess
from accounts.services import open_guest
from claims.models import Claim
from claims.queries.facts import calendar_of
from claims.rules.events import InsuredEvent
from claims.rules.letters import LetterKind
from claims.rules.life import Actor
from claims.rules.notice import NOTICES_A_DAY, NOTICES_OF_SOURCE, OF_A_GUEST, SEEN_FOR, timeliness
from claims.rules.people import NOTICE, ClaimantRole, Part
from claims.services.checklist import begin_checklist
from claims.services.letters import write_letter
from claims.services.life import note_step
from core import limits
from core.limits import Allowance
from core.rows.viewers import also
from policies.models import Insurer, Policy
from policies.queries import brand_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class TooMany(Exception):
    """Notices of this contact or source today: more are taken by telephone."""


@dataclass(frozen=True)
class Told:
    """What happened. None: not known."""

    event: InsuredEvent
    event_on: date
    country: str
    place: str = ""
    story: str = ""
    by_accident: bool | None = None
    declared_by_court: bool | None = None
    by_inheritance: bool | None = None


@dataclass(frozen=True)
class AboutWhom:
    """As a guest names them; the insurer compares."""

    told_surname: str
    told_given_name: str = ""
    told_patronymic: str = ""
    told_born_on: date | None = None
    told_iin: str = ""
    told_policy: str = ""


@dataclass(frozen=True)
class Claimant:
    role: ClaimantRole
    name: str
    phone: str = ""
    email: str = ""
    language: str = "ru"

    @property
    def contact(self) -> str:
        return self.email or self.phone


@transaction.atomic
def give_notice(*, policy: Policy, told: Told, claimant: Claimant, by: Any, now: datetime) -> Claim:
    """In the cabinet, about the insured person of a policy that the account sees in full. Raise TooMany."""
    _spend(f"account:{by.pk}", now=now)
    return _registered(
        policy.insurer,
        told,
        claimant,
        by=by,
        now=now,
        person=policy.insured,
        policy=policy,
        claimant=by,
        by_guest=False,
    )


@transaction.atomic
def give_notice_as_guest(
    *, insurer: Insurer, told: Told, about: AboutWhom, claimant: Claimant, source: str, now: datetime
) -> tuple[Claim, GuestAccess, str]:
    """By somebody without an account, whose contact a code has proved. The claim, the access to it, and the key for this
    browser's cookie. Raise TooMany."""
    _spend(f"contact:{claimant.contact}", f"source:{source}", now=now)
    key = uuid.uuid4()
    with also(claim_keys=[key]):
        claim = _registered(insurer, told, claimant, by=None, now=now, public_id=key, by_guest=True, **asdict(about))
    access, cookie = open_case(claim, contact=claimant.contact, now=now)
    return claim, access, cookie


def open_case(claim: Claim, *, contact: str, now: datetime) -> tuple[GuestAccess, str]:
    """This browser has just proved the contact of the case."""
    with translation.override(claim.language):
        about = _("Claim %(number)s") % {"number": claim.number_shown}
    return open_guest(
        contact=contact, purpose=OF_A_GUEST, subject=claim.public_id, about=about, until=now + SEEN_FOR,
        language=claim.language, brand=brand_of(claim.insurer, claim.language), scope=claim.insurer.slug, now=now,
    )  # fmt: skip


def _registered(insurer: Insurer, told: Told, teller: Claimant, *, by: Any, now: datetime, **facts: Any) -> Claim:
    who = {
        "role": teller.role, "claimant_name": teller.name, "phone": teller.phone, "email": teller.email,
        "language": teller.language,
    }  # fmt: skip
    today = insurer.today(now)
    claim = Claim.objects.create(insurer=insurer, notified_at=now, notified_on=today, **asdict(told), **who, **facts)
    note_step(claim=claim, part=Part.CLAIM, event=NOTICE, actor=Actor.CLAIMANT, by=by, now=now, on=today, detail={})
    begin_checklist(claim)
    write_letter(claim=claim, kind=LetterKind.REGISTERED, now=now, by=by, **_receipt(claim))
    return claim


def _receipt(claim: Claim) -> dict[str, Any]:
    """9.2: number, time, what to do, the list of documents; and how the notice stands to the sixty days (9.1)."""
    found = timeliness(claim.event_on, claim.notified_on, (), calendar_of(claim.insurer))
    with translation.override(claim.language):
        items = [[item.name, item.get_form_display(), item.get_giver_display()] for item in claim.items.awaited()]
    return {
        "registered_at": claim.notified_at.astimezone(claim.insurer.zone).isoformat(),
        "items": items,
        "in_time_until": f"{found.deadline.due}",
        "days_late": found.days_late,
    }


def _spend(*counters: str, now: datetime) -> None:
    allowed = {"source": (NOTICES_OF_SOURCE, HOUR)}
    spent = limits.spend(
        *(
            Allowance(f"claims:notice:{name}", *allowed.get(name.partition(":")[0], (NOTICES_A_DAY, DAY)))
            for name in counters
        ),
        now=now,
    )
    if spent.exhausted:
        raise TooMany
