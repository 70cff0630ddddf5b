"""Who of a firm's people is enrolled: for its HR, who come as guests (adr/0028)."""

from uuid import UUID

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.queries import guest_in
from accounts.services import note_guest_view
from activation.gateways.enrolment_files import download
from activation.queries.mailings import enrolled, enrolment, mailing_with_firm
from activation.rules import REPORT
from policies.gateways.sheets import TYPES
from policies.middleware import serve_for


@never_cache
@require_safe
def report(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Without a guest's access to this very report there is no such page. `as`: the same as a file."""
    now = timezone.now()
    access = guest_in(request, subject=public_id, purpose=REPORT, now=now)
    mailing = mailing_with_firm(public_id) if access else None
    if access is None or mailing is None:
        raise Http404
    serve_for(request, mailing.product.insurer)
    today, wanted = mailing.product.insurer.today(now), request.GET.get("as", "")
    note_guest_view(access=access, **({"file": wanted} if wanted in TYPES else {}))
    if wanted in TYPES:
        file = download(enrolled(mailing, today=today), wanted, today=today)
        headers = {"Content-Disposition": file.disposition}
        return StreamingHttpResponse(file.content, content_type=file.content_type, headers=headers)
    page = {"access": access, "report": enrolment(mailing, today=today), "today": today}
    return render(request, "activation/enrolment.html", page)
