"""A million claims of the insured people of the town, of which two hundred thousand are open. Once a database."""

import os
from functools import cache

from django.utils import timezone

from claims.management.commands.invent_claims import invent
from claims.models import Claim
from policies.models import Insurer
from policies.rules import StaffRole
from tests.bench.measure import House
from tests.people import a_member, staff_browser

CLAIMS = int(os.environ.get("BENCH_CLAIMS", "1000000"))
OPEN = CLAIMS // 5


@cache
def settle(house: House | None = None) -> Insurer:
    insurer = Insurer.objects.get(slug="nsk")
    if not Claim.objects.exists():
        invent(insurer=insurer, count=CLAIMS, are_open=OPEN, now=timezone.now())
        if house:
            house.superuser.execute("VACUUM ANALYZE")
    return insurer


@cache
def reviewer_cookie() -> str:
    from django.conf import settings

    user = a_member(StaffRole.REVIEWER, settle(), "bench-reviewer@example.kz")
    return f"{settings.SESSION_COOKIE_NAME}={staff_browser(user).session.session_key}"
