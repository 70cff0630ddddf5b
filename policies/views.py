from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.brand import stylesheet
from policies.middleware import serve_for
from policies.models import Insurer
from policies.queries import policy_page

YEAR = 365 * 24 * 3600  # seconds


@require_safe
@login_required
def policy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One policy with all its facts, fit to be printed. Not yours is not found."""
    page = policy_page(request.user, public_id=public_id, now=timezone.now())
    if not page:
        raise Http404
    serve_for(request, page.card.policy.insurer)
    return render(request, "policies/policy.html", {"page": page, "card": page.card})


@require_safe
@cache_control(public=True, immutable=True, max_age=YEAR)
def brand(request: HttpRequest, slug: str) -> HttpResponse:
    """An insurer's colours. The address that pages give changes with them, so browsers may keep it."""
    return HttpResponse(stylesheet(get_object_or_404(Insurer, slug=slug).brand), content_type="text/css")
