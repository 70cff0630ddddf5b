"""The operator's desk: search, files and acts, as a member of staff's browser reaches them."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from activation.models import Activation
from activation.queries import last_change
from activation.rules import FAILURES_A_DAY, Act
from core.models import AuditEvent
from policies.models import Policy
from policies.rules import StaffRole
from tests.activation.door import Visitor, link_in_last_letter
from tests.factories import a_policy, an_insurer
from tests.forms import sends
from tests.people import at_work, marat, saule

WRONG = date(1961, 4, 13)
FILES = "/staff/activation/insuredfile/"
BECAUSE = "The caller named the contract number"


class Desk:
    """`browser` belongs to Marat, an operator of NSK, unless another one is given."""

    def __init__(self, browser: Client | None = None) -> None:
        self.browser = browser or at_work(marat(), an_insurer(), StaffRole.OPERATOR)
        self.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def finds(self, text: str) -> list[str]:
        return [file.insured_id for file in self.searches(text).context["cl"].result_list]

    def searches(self, text: str) -> Any:
        return self.browser.post(FILES, {"q": text}, follow=True)

    def opens(self, policy: Policy) -> Any:
        return self.browser.get(f"{FILES}{policy.public_id}/change/")

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
        return [url.rstrip("/").rsplit("/", 1)[-1] for url, _label in self.opens(policy).context["tools"]]


def auditors_desk() -> Desk:
    return Desk(at_work(saule(), an_insurer(), StaffRole.AUDITOR))


def page_of(policy: Policy, act: str) -> str:
    return f"{FILES}{policy.public_id}/{act}/"


def said(answer: Any) -> str:
    """What the next page will say."""
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def trail_of(policy: Policy) -> list[tuple[str, str]]:
    events = AuditEvent.objects.filter(object_type="policies.Policy", object_id=str(policy.pk)).order_by("pk")
    return list(events.values_list("verb", "reason"))


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
