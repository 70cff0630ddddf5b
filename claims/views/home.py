"""The section: one's own cases, and where a new one begins. Whoever is not signed in learns how to tell without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.queries import account_of
from claims.queries.cases import cases_of, insurers_to_tell, policies_to_claim_by


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = account_of(request)
    if user is None:
        return render(request, "claims/entrance.html", {"insurers": insurers_to_tell()})
    now = timezone.now()
    page = {"lines": cases_of(user, now=now), "may_tell": bool(policies_to_claim_by(user, now=now))}
    return render(request, "claims/home.html", page)
