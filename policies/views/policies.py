from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.brand import stylesheet
from core.form_tokens import sent_once
from policies.forms import ConsentsForm, LanguageForm
from policies.middleware import serve_for
from policies.models import Insurer
from policies.queries import (
    Consent,
    consent_of,
    consent_texts,
    consents_of,
    document_of,
    looks_at,
    policy_in_full,
    policy_page,
)
from policies.rules import ConsentCode
from policies.services.consents import give_consents, withdraw_consent
from policies.services.policy_document import want_policy

YEAR = 365 * 24 * 3600  # seconds


@require_safe
@login_required
def policy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One policy with all its facts, fit to be printed. Not yours is not found."""
    page = policy_page(request.user, public_id=public_id, now=timezone.now())
    if not page:
        raise Http404
    serve_for(request, page.card.policy.insurer)
    is_live = settings.LIVE and bool(page.being_made)
    return render(request, "policies/policy.html", {"page": page, "card": page.card, "is_live": is_live})


@require_safe
@login_required
def looks(request: HttpRequest) -> HttpResponse:
    """When the call centre looked at what this account sees."""
    return render(request, "policies/looks.html", {"looks": looks_at(request.user, now=timezone.now())})


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


@require_POST
@login_required
def documents(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The policy as a PDF: what is made already is led to, else a worker makes it and the policy's page shows it."""
    found = policy_in_full(request.user, public_id=public_id, now=timezone.now())
    if not found:
        raise Http404
    form = LanguageForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the language of the PDF"))
    elif made := want_policy(policy=found, language=form.cleaned_data["language"], now=timezone.now()):
        return redirect(made)
    return redirect(f"{found.get_absolute_url()}#documents")


@require_safe
@login_required
def consents(request: HttpRequest) -> HttpResponse:
    """What this account agreed to, when, in which version, and what it withdrew."""
    return render(request, "policies/consents.html", {"consents": consents_of(request.user)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sent_once
def consent(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One consent as it was read. Withdrawn, it can be given again, by the text as it is now."""
    found = mine(request, public_id)
    given = found.given
    texts = consent_texts(given.text.insurer, [ConsentCode(given.text.code)])
    form = ConsentsForm(request.POST or None, texts=texts)
    if form.is_valid() and not found.is_standing:
        give_consents(
            user=given.user, texts=texts, person=given.person, language=get_language() or "ru", now=timezone.now()
        )
        messages.success(request, _("The consent is given"))
        return redirect("policies:consents")
    return render(request, "policies/consent.html", {"consent": found, "given": given, "form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sent_once
def withdrawal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What follows is said first; a consent that does not stand any more has nothing to withdraw."""
    found = mine(request, public_id)
    if request.method != "POST" and found.is_standing:
        return render(request, "policies/consent_withdrawal.html", {"given": found.given})
    if withdraw_consent(given=found.given, language=get_language() or "ru", now=timezone.now()):
        messages.success(request, _("The consent is withdrawn. A message that confirms it is on its way"))
    return redirect("policies:consents")


def mine(request: HttpRequest, public_id: UUID) -> Consent:
    found = consent_of(request.user, public_id=public_id)
    if not found:
        raise Http404
    serve_for(request, found.given.text.insurer)
    return found


@require_safe
@cache_control(public=True, immutable=True, max_age=YEAR)
def brand(request: HttpRequest, slug: str) -> HttpResponse:
    """An insurer's colours. The address that pages give changes with them, so browsers may keep it."""
    return HttpResponse(stylesheet(get_object_or_404(Insurer, slug=slug).brand), content_type="text/css")
