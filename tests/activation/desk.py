"""The operator's desk: search, pages and acts, as a member of staff's browser reaches them."""

import re
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.db.models import Q
from django.test import Client

from accounts.models import User
from activation.models import Activation
from activation.queries import last_change
from activation.rules import ABOUT_ACCOUNT, ABOUT_POLICY, FAILURES_A_DAY, Act
from core.models import AuditEvent
from policies.models import Access, Policy
from policies.rules import StaffRole
from tests.activation.door import Visitor, link_in_last_letter
from tests.factories import a_policy, an_insurer
from tests.forms import sends
from tests.people import at_work, marat, saule

WRONG = date(1961, 4, 13)
PEOPLE = "/staff/activation/insuredperson/"
BECAUSE = "The caller named the contract number"


class Desk:
    """`browser` belongs to Marat, an operator of NSK, unless another one is given."""

    def __init__(self, browser: Client | None = None) -> None:
        self.browser = browser or at_work(marat(), an_insurer(), StaffRole.OPERATOR)
        self.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def finds(self, text: str) -> list[str]:
        """The IDs of whoever is found."""
        people = self.searches(text).context["cl"].result_list
        return [party.policy.insured_id for person in people for party in person.covered]

    def searches(self, text: str) -> Any:
        return self.browser.post(PEOPLE, {"q": text}, follow=True)

    def opens(self, policy: Policy) -> Any:
        """The page of whom the policy covers."""
        return self.browser.get(page_of_person(policy))

    def asks(self, policy: Policy, act: str) -> Any:
        """The page before the act."""
        return self.browser.get(page_of(policy, act))

    def does(self, policy: Policy, act: str, because: str = BECAUSE, **answers: str) -> Any:
        seen = str(last_change(policy, not_by=self.operator))
        return sends(self.browser, page_of(policy, act), {"words": because, "seen": seen} | answers)

    @property
    def operator(self) -> User:
        return User.objects.get(pk=self.browser.session["_auth_user_id"])

    def offered(self, policy: Policy) -> list[str]:
        """Acts on the policy, then on its person and on whoever sees them, without mere looks."""
        links = re.findall(r'class="button" href="([^"]+)"', text_of(self.opens(policy)))
        own = [link for link in links if f"/policies/{policy.public_id}/" in link]
        others = [link for link in links if "/policies/" not in link]
        return [act for link in [*own, *others] if (act := link.rstrip("/").rsplit("/", 1)[-1]) not in LOOKS]


def auditors_desk() -> Desk:
    return Desk(at_work(saule(), an_insurer(), StaffRole.AUDITOR))


def page_of_person(policy: Policy) -> str:
    return f"{PEOPLE}{policy.insured.public_id}/change/"


def page_of(policy: Policy, act: str) -> str:
    """Of an act about the policy, about whom it covers, or about the account that sees them."""
    person = f"{PEOPLE}{policy.insured.public_id}/"
    if act in ABOUT_POLICY:
        return f"{person}policies/{policy.public_id}/{act}/"
    if act in ABOUT_ACCOUNT:
        access = Access.objects.filter(person=policy.insured).order_by("-pk").first()
        return f"{person}accounts/{access.user.public_id if access else NOBODYS}/{act}/"
    return f"{person}{act}/"


def said(answer: Any) -> str:
    """What the next page will say."""
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def trail_of(policy: Policy) -> list[tuple[str, str]]:
    """What colleagues did about the policy, whom it covers, and the account that sees them."""
    users = Access.objects.filter(person=policy.insured).values_list("user", flat=True)
    about = Q(object_type="policies.Policy", object_id=str(policy.pk))
    about |= Q(object_type="policies.Person", object_id=str(policy.insured.pk))
    about |= Q(object_type="accounts.User", object_id__in=[str(user) for user in users])
    return list(AuditEvent.objects.filter(about).order_by("pk").values_list("verb", "reason"))


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


# ── What has happened before somebody called ─────────────────────────────────
def a_locked_policy(**facts: Any) -> Policy:
    policy = a_policy(**facts)
    for _ in range(FAILURES_A_DAY):
        Visitor().says(policy.insured_id, WRONG)
    return policy


def a_begun_policy(**facts: Any) -> Policy:
    policy = a_policy(**facts)
    Visitor().begins(policy.insured_id)
    return policy


def an_active_policy(**facts: Any) -> tuple[Policy, Visitor]:
    """With the browser that is signed in."""
    policy = a_policy(**facts)
    visitor = Visitor()
    visitor.begins(policy.insured_id)
    visitor.confirms(link_in_last_letter())
    assert Activation.objects.finished().filter(policy=policy).exists()
    return policy, visitor


EVERY_ACT = list(Act)
LOOKS = {Act.DOOR, Act.HOME}
NOBODYS = "00000000-0000-4000-8000-000000000000"
