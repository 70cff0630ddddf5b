"""A firm whose people are written to, as the keeper of its register sees them and as each of them reads the letter."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from activation.models import Mailing
from activation.services.mailings import hand_out_letters, start_mailing
from notices.models import Notice
from policies.models import Insurer, Organisation, Policy
from policies.rules import ContractKind
from tests.factories import a_policy, an_insurer
from tests.forms import sends
from tests.people import a_person

MAILINGS = "/staff/activation/mailing/"
PEOPLE = {"Айгуль": "aigul@alma.kz", "Ерлан": "erlan@alma.kz", "Дина": "dina@alma.kz"}


def insured(given_name: str, email: str, number: int = 31, **facts: Any) -> Policy:
    return a_policy(f"4410 0275 {number}", kind=ContractKind.CORPORATE, given_name=given_name, email=email, **facts)


def a_firm(people: dict[str, str] | None = None) -> list[Policy]:
    """Each of these with an address, by name."""
    found = PEOPLE if people is None else people
    return [insured(name, email, 31 + number) for number, (name, email) in enumerate(found.items())]


def the_firm() -> Organisation:
    return Organisation.objects.get()


def a_mailing(*, pace: int = 600, now: datetime | None = None, by: Any = None, **changes: Any) -> Mailing:
    """To everybody of the firm that is there."""
    policy = Policy.objects.select_related("product_version__product").order_by("pk")[0]
    firm = policy.parties.exclude(organisation=None).get().organisation
    asked: dict[str, Any] = {"product": policy.product_version.product, "organisation": firm, "language": "ru"}
    by = by or a_person(f"keeper{User.objects.count()}@nsk.kz", is_staff=True)
    return start_mailing(**(asked | changes), pace=pace, by=by, now=now or timezone.now())


def handed_out(mailing: Mailing, *, now: datetime | None = None) -> list[Notice]:
    """After a minute of the beat, or at `now`."""
    hand_out_letters(now=now or mailing.started_at + timedelta(minutes=1))
    return written()


def a_worker_comes() -> None:
    """A minute's letters are due now."""
    now = timezone.now()
    Mailing.objects.update(handed_until=now - timedelta(minutes=1))
    hand_out_letters(now=now)


def written() -> list[Notice]:
    return list(Notice.objects.filter(kind="invitation").order_by("pk"))


def link_to(email: str) -> str:
    """The path of the personal link in the newest letter to this address."""
    notice = Notice.objects.filter(kind="invitation", to=email).latest("pk")
    return str(notice.context["personal"]["url"]).partition("8000")[2]


def born(day: str = "14", month: str = "03", year: str = "1961") -> dict[str, str]:
    return {"birth_date_0": day, "birth_date_1": month, "birth_date_2": year}


def gives_guest(browser: Client, mailing: Mailing, contact: str = "hr@alma.kz", **changes: Any) -> Any:
    asked = {"contact": contact, "days": "30", "language": "ru"} | changes
    return sends(browser, f"{MAILINGS}{mailing.public_id}/guests/", asked)


def nsk() -> Insurer:
    return an_insurer()
