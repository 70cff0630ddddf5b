"""The front door, and behind it the cabinet's home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.queries import account_of
from policies.middleware import serve_for
from policies.models import Insurer
from policies.queries import help_of_everybody, policy_cards


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = account_of(request)
    if not user:
        return render(request, "portal/front.html")
    cards = policy_cards(user, now=timezone.now())
    if cards and not request.insurer:  # type: ignore[attr-defined]
        serve_for(request, cards[0].policy.insurer)
    return render(
        request,
        "portal/home.html",
        {
            "cards": cards,
            "now": timezone.now(),
            "zone": timezone.get_current_timezone_name(),
            "anything_needed": any(card.is_limited for card in cards),
        },
    )


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Whom to call: at this host's insurer, on a neutral host at each."""
    insurer: Insurer | None = request.insurer  # type: ignore[attr-defined]
    return render(request, "portal/help.html", {"desks": help_of_everybody(insurer, now=timezone.now())})
