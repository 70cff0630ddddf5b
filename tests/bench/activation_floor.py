"""The least that Django does for step 1: one view, the ORM, the same rows.

It counts after the comparison and without windows, so forty at once could spend one try; it knows no lock, no breaker,
no form, no language, no cookie and no CSRF token.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone

from activation.models import Activation, Step
from activation.rules import FAILURES_A_DAY, FAILURES_AN_HOUR_PER_SOURCE, FAILURES_UNTIL_PROOF, Verdict
from core.limits import UNLIMITED
from core.models import Limit
from policies.models import Party

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)


def find(request: HttpRequest, code: str) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse()
    facts, now = request.POST, timezone.now()
    party = Party.objects.select_related("person", "policy__insurer").get(
        role="insured", policy__insurer__products__code=code, policy__insured_key=facts["insured_id"]
    )
    policy = party.policy
    born = date(*(int(facts[f"birth_date_{box}"]) for box in (2, 1, 0)))
    is_open = policy.signed_on is not None and policy.signed_on + timedelta(days=15) <= now.date()
    if party.person.birth_date != born or not is_open or Activation.objects.filter(policy=policy).exists():
        return HttpResponse(status=403)
    with transaction.atomic():
        count_attempt(policy.insurer.slug, policy.insured_key, request.headers["X-Forwarded-For"], now)
        Step.objects.create(
            insurer=policy.insurer, insured_key=policy.insured_key, policy=policy, kind=Verdict.OPEN, at=now
        )
    return HttpResponseRedirect("/found/")


def count_attempt(insurer: str, key: str, source: str, now: datetime) -> None:
    of_id, attempts = f"activation:{insurer}:id:{key}", f"activation:{insurer}:attempts"
    rows = [
        (f"{of_id}:day", 0, FAILURES_A_DAY, DAY), (of_id, 0, FAILURES_UNTIL_PROOF, YEAR),
        (f"activation:source:{source}", 0, FAILURES_AN_HOUR_PER_SOURCE, HOUR),
        (f"activation:{insurer}:failures", 0, UNLIMITED, DAY), (attempts, 0, UNLIMITED, DAY),
        (f"{of_id}:visits", 1, UNLIMITED, DAY),
    ]  # fmt: skip
    Limit.objects.bulk_create(
        (
            Limit(key=name, spent=spent, ceiling=most, started_at=now, ends_at=now + window)
            for name, spent, most, window in rows
        ),
        ignore_conflicts=True,
    )
    Limit.objects.filter(key=attempts).update(spent=F("spent") + 1)


urlpatterns = [path("activate/<slug:code>/", find)]
