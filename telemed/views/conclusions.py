"""A conclusion is written and sent at the desk, kept by the patient, and checked by anybody who holds the paper."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.form_tokens import sent_once
from telemed.forms.desk import ConclusionForm, DraftForm
from telemed.queries.after import conclusion_document_of, paper_of
from telemed.rules import WrongMoment, doubtful
from telemed.services.conclusions import conclude, save_draft
from telemed.views.desk import mine, page_of
from telemed.views.patient import consultation_before


@require_POST
def draft(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """By the button, or by static/js/draft.js, which asks for JSON."""
    found, form = mine(request, public_id), DraftForm(request.POST)
    by_script = not request.accepts("text/html")
    if not form.is_valid():
        return JsonResponse({}, status=422) if by_script else page_of(request, found, form=form)
    try:
        saved = save_draft(consultation=found, sections=form.cleaned_data, now=timezone.now())
    except WrongMoment:
        if by_script:
            return JsonResponse({}, status=409)
        messages.error(request, _("The conclusion was sent already."))
        return redirect("telemed:desk_consultation", public_id)
    if by_script:
        return JsonResponse({"saved": f"{timezone.localtime(saved.saved_at):%H:%M:%S}"})
    messages.success(request, _("The draft is saved."))
    return redirect("telemed:desk_consultation", public_id)


@require_POST
@sent_once
def send(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What looks like a diagnosis or a prescription is shown once; the doctor may send it all the same (TM-17)."""
    found, form = mine(request, public_id), ConclusionForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, form=form)
    sections, now = form.cleaned_data, timezone.now()
    hits = doubtful({name: text for name, text in sections.items() if name != "outcome"})
    try:
        if hits and "all_the_same" not in request.POST:
            save_draft(consultation=found, sections=sections, now=now)
            doubts = [(form.fields[hit.section].label, hit) for hit in hits]
            return page_of(request, found, form=form, doubts=doubts)
        conclude(consultation=found, sections=sections, by=request.user, now=now)
        messages.success(request, _("The conclusion is sent. The patient is told."))
    except WrongMoment:
        messages.error(request, _("The conclusion was sent already, or the talk is still going on."))
    return redirect("telemed:desk_consultation", public_id)


# ── Who reads it ─────────────────────────────────────────────────────────────
@never_cache
@require_safe
@login_required
def conclusion(request: HttpRequest, public_id: UUID, language: str) -> FileResponse:
    """As PDF, to be kept."""
    document = conclusion_document_of(consultation_before(request, public_id), language)
    if not document:
        raise Http404
    return FileResponse(
        document.file.open(), as_attachment=True, filename=document.file_name(), content_type="application/pdf"
    )


@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a paper is genuine. Whoever holds it reads who sent it and when, and nothing of what it says."""
    found = paper_of(code)
    response = render(request, "telemed/conclusion_check.html", {"paper": found}, status=200 if found else 404)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
