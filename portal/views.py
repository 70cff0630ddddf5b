"""The front door, and behind it the cabinet's home; and what machines may read."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.queries import account_of
from claims.queries.cases import open_cases_of
from claims.queries.staff import HANDLES, PAYS
from policies.middleware import serve_for
from policies.models import Insurer
from policies.queries import help_of_everybody, home_facts, policy_cards
from policies.queries.staff import staffed_by
from telemed.queries.coordinators import coordinated_by
from telemed.queries.desk import doctors_of
from telemed.queries.section import under_way


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = account_of(request)
    if not user:
        return render(request, "portal/front.html")
    now = timezone.now()
    cards = policy_cards(user, now=now)
    if not cards and user.is_staff and doctors_of(user):
        return redirect("telemed:desk")
    if not cards and user.is_staff and not user.is_superuser and coordinated_by(user):
        return redirect("telemed:assistance")
    if not cards and user.is_staff and not user.is_superuser and staffed_by(user, HANDLES):
        return redirect("claims:queue")
    if not cards and user.is_staff and not user.is_superuser and staffed_by(user, PAYS):
        return redirect("claims:payments")
    if cards and not request.insurer:  # type: ignore[attr-defined]
        serve_for(request, cards[0].policy.insurer)
    going_on = {"under_way": under_way(user, now=now), "claims": open_cases_of(user, now=now)} if cards else {}
    return render(request, "portal/home.html", home_facts(cards, now=now) | going_on)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Whom to call: at this host's insurer, on a neutral host at each."""
    insurer: Insurer | None = request.insurer  # type: ignore[attr-defined]
    return render(request, "portal/help.html", {"desks": help_of_everybody(insurer, now=timezone.now())})


# What search engines find: the front, whom to call, and what is for anybody. Everything else is somebody's own.
FOUND = ("/$", "/help/", "/static/", "/policies/brand/", "/doctors/", "/medical-organisations/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309: the longest match counts."""
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    allowed = [*FOUND, *(f"/{code}/" for code, _name in settings.LANGUAGES)]
    lines = ["User-agent: *", *(f"Allow: {path}" for path in allowed), "Disallow: /", "", f"Sitemap: {sitemap}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
