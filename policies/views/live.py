"""Whoever waits at a policy's page for its PDF learns at once that it is made."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import live
from policies.queries import languages_being_made, policy_in_full


@require_safe
@login_required
def documents(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    policy = policy_in_full(request.user, public_id=public_id, now=timezone.now())
    if not policy:
        raise Http404
    if not (waiting := languages_being_made(policy)):
        return HttpResponse(status=204)  # nothing to wait for: a browser does not come back
    return live.stream(request, str(public_id), lambda: languages_being_made(policy) != waiting)
