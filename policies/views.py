from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from core.brand import stylesheet
from policies.middleware import serve_for
from policies.models import Insurer
from policies.queries import document_of, policy_page

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


@never_cache
@require_safe
@login_required
def document(request: HttpRequest, public_id: UUID, document_id: UUID) -> FileResponse:
    """A document of a policy, to be kept. Its name among the reader's files is in the reader's language."""
    found = document_of(request.user, policy=public_id, document=document_id, now=timezone.now())
    if not found:
        raise Http404
    return FileResponse(
        found.file.open(), as_attachment=True, filename=found.file_name(), content_type="application/pdf"
    )


@require_safe
@cache_control(public=True, immutable=True, max_age=YEAR)
def brand(request: HttpRequest, slug: str) -> HttpResponse:
    """An insurer's colours. The address that pages give changes with them, so browsers may keep it."""
    return HttpResponse(stylesheet(get_object_or_404(Insurer, slug=slug).brand), content_type="text/css")
