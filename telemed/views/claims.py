"""Quality claims are answered by the coordinators of their insurer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.mobile import owner
from core.form_tokens import sent_once
from telemed.forms.quality import AnswerForm
from telemed.queries.claims import MOST, claim_page, claims_of, open_claims
from telemed.rules import WrongMoment
from telemed.services.quality import answer_claim
from telemed.views.assistance import chosen
from telemed.views.doors import coordinated

LIST = "telemed/assistance/claims.html"


@never_cache
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """Those that are to be answered; with a period in the address those that were received then."""
    now = timezone.now()
    if not request.GET:
        return render(request, LIST, {"claims": open_claims(coordinated(request), now=now), "most": MOST})
    page = chosen(request)
    received = [] if page["form"].errors else claims_of(page["form"].scope, now=now)
    return render(request, LIST, page | {"claims": received, "most": MOST})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def claim(request: HttpRequest, public_id: UUID) -> HttpResponse:
    page, form = claim_page(coordinated(request), public_id), AnswerForm(request.POST or None)
    if page is None:
        raise Http404
    if form.is_valid():
        try:
            answer_claim(claim=page.claim, **form.cleaned_data, by=owner(request), now=timezone.now())
            messages.success(request, _("The answer is sent."))
        except WrongMoment:
            messages.info(request, _("Somebody has answered already."))
        return redirect("telemed:claims")
    return render(request, "telemed/assistance/claim.html", {"page": page, "form": form})
