"""What one claim is paid: its plan with every order. Nothing of what happened, no documents."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.queries.payments.room import claim_of, payments_of
from claims.views.payments.doors import counter, keys_of


@never_cache
@require_safe
def case(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = claim_of(keys_of(request), public_id)
    if found is None:
        raise Http404
    page = {"at": counter(request, of=found.insurer), "claim": found, "payments": payments_of(found)}
    return render(request, "claims/payments/case.html", page)
