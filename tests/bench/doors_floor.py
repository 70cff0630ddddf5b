"""The least that Django does at each of the doors: one view, the ORM, the same rows.

It counts after the comparison and without windows, so forty at once could spend one try; it knows no lock, no breaker, no
form, no language, no tolerant name and no CSRF token.
"""

import hmac
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from activation.models import Activation, Declaration, Step
from activation.rules import Verdict
from activation.views.passage import NUMBER_COOKIE
from policies.models import Party
from tests.bench.activation_floor import count_attempt

INSURED = Party.objects.select_related("person", "policy__insurer").filter(role="insured")


def by_code(request: HttpRequest, code: str) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse()
    facts = request.POST
    party = INSURED.select_related("policy__activation_code").get(
        policy__product_version__product__code=code, policy__insured_key=facts["insured_id"]
    )
    typed = f"{party.policy.pk}:{facts['code'].replace('-', '')}"
    digest = salted_hmac("activation.code", typed, algorithm="sha256").hexdigest()
    born = f"{party.person.birth_date:%y%m%d}"
    fits = hmac.compare_digest(digest, party.policy.activation_code.digest) and facts["iin"].startswith(born)
    return found(request, party, fits and facts["name"].lower() == party.person.search_key)


def by_number(request: HttpRequest, code: str) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse()
    facts, phone = request.POST, request.get_signed_cookie(NUMBER_COOKIE, salt=NUMBER_COOKIE)
    born = date(*(int(facts[f"birth_date_{box}"]) for box in (2, 1, 0)))
    party = INSURED.get(policy__product_version__product__code=code, person__birth_date=born, person__phone=phone)
    return found(request, party, facts["name"].lower() == party.person.search_key, key=str(phone))


def by_declaration(request: HttpRequest, code: str) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse()
    session = Session.objects.get(session_key=request.COOKIES[settings.SESSION_COOKIE_NAME]).get_decoded()
    user = User.objects.get(pk=session["_auth_user_id"])
    party = INSURED.get(
        policy__product_version__product__code=code, policy__insured_key=request.POST["insured_id"]
    )  # fmt: skip
    declared = Declaration.objects.get(user=user, insurer=party.policy.insurer).declared
    fits = (declared.birth_date, declared.name.lower()) == (party.person.birth_date, party.person.search_key)
    return found(request, party, fits, by=user)


def found(request: HttpRequest, party: Party, fits: bool, *, key: str = "", by: Any = None) -> HttpResponse:
    policy, now = party.policy, timezone.now()
    if not fits or Activation.objects.filter(policy=policy).exists():
        return HttpResponse(status=403)
    write(policy, key or policy.insured_key, request.headers["X-Forwarded-For"], by, now)
    return HttpResponseRedirect("/found/")


@transaction.atomic
def write(policy: Any, key: str, source: str, by: Any, now: datetime) -> None:
    count_attempt(policy.insurer.slug, key, source, now)
    Step.objects.create(
        insurer=policy.insurer, insured_key=policy.insured_key, policy=policy, kind=Verdict.OPEN, at=now, by=by
    )


urlpatterns = [
    path("activate/personal-doctor/", by_code, {"code": "personal-doctor"}),
    path("activate/life-with-telemedicine/", by_number, {"code": "life-with-telemedicine"}),
    path("activate/sogaz-health/number/", by_declaration, {"code": "sogaz-health"}),
]
