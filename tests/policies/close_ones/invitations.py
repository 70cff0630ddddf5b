"""Close ones as their tests write them: who may see whom, the letter's link, and what was told."""

import re
from datetime import UTC, date, datetime

from django.test import Client

from accounts.models import User
from notices.models import Notice
from notices.services.wording import word
from policies.models import Invitation, Person
from policies.rules import AccessKind, AccessScope
from policies.services import family as services
from policies.services.access import grant_access
from tests.forms import sends

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)
CHILD = date(2015, 3, 14)
PAGE = "/policies/family/"


def told() -> list[Notice]:
    """What waits in the outbox, oldest first. Each is worded: a letter with a hole in it fails the test."""
    notices = list(Notice.objects.order_by("pk"))
    for notice in notices:
        word(notice)
    return notices


def access(
    user: User, person: Person, kind: AccessKind = AccessKind.SELF, scope: AccessScope = AccessScope.FULL
) -> None:
    grant_access(user=user, person=person, kind=kind, scope=scope, proof="contract_number", by=user, now=NOW)


def invited(person: Person, by: User, email: str = "dana@example.kz") -> Invitation:
    return services.invite(person=person, email=email, by=by, language="ru", now=NOW)


def link() -> str:
    """The newest letter's, as its reader opens it."""
    url: str = Notice.objects.filter(kind="family_invitation").latest("pk").context["url"]
    return re.sub(r"^https?://[^/]+", "", url)


def sent(browser: Client, address: str, **answers: str) -> int:
    return sends(browser, address, answers).status_code
