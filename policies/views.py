from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.middleware import serve_for
from policies.queries import policy_page


@require_safe
@login_required
def policy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One policy with all its facts, fit to be printed. Not yours is not found."""
    page = policy_page(request.user, public_id=public_id, now=timezone.now())
    if not page:
        raise Http404
    serve_for(request, page.card.policy.insurer)
    return render(request, "policies/policy.html", {"page": page, "card": page.card})
