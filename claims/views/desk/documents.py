"""The checklist of a claim: an answer about each document and each of its files, and the answer about all of them (10.3)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.forms.desk import AcceptForm, CertificateForm, MoreForm, PageForm, WhyForm
from claims.models import Item, Verdict
from claims.queries.desk.case import item_of, page_of_claim
from claims.rules.checklists import Form, Giver
from claims.rules.life import ITEM_LIFE, Actor, ItemEvent, ItemState, WrongMoment
from claims.services.checking import NoApplication, NotJudged, answer_documents
from claims.services.documents import (
    NotAccepted,
    accept_item,
    ask_anew,
    ask_for_more,
    await_original,
    judge_page,
    need_after_all,
    record_certificate,
    waive_item,
)
from claims.views.desk.acts import too_late
from claims.views.desk.doors import REVIEWER, Seat, at_desk, back
from core.form_tokens import sent_once
from core.uploads.rules import State
from core.uploads.views import file_answer

CERTIFICATES = ("I3",)  # documents whose facts the payout is derived from (7.4–7.7)
FORMS: dict[str, type[forms.Form]] = {
    ItemEvent.ACCEPT: AcceptForm, ItemEvent.AWAIT_ORIGINAL: forms.Form, ItemEvent.REJECT: WhyForm, ItemEvent.WAIVE: WhyForm,
    ItemEvent.REQUIRE: WhyForm,
}  # fmt: skip
ACTS: dict[str, Callable[..., Item]] = {
    ItemEvent.ACCEPT: accept_item, ItemEvent.AWAIT_ORIGINAL: await_original, ItemEvent.REJECT: ask_anew,
    ItemEvent.WAIVE: waive_item, ItemEvent.REQUIRE: need_after_all,
}  # fmt: skip


# ── One document ─────────────────────────────────────────────────────────────
@never_cache
@require_safe
@at_desk()
def document(request: HttpRequest, seat: Seat, item: UUID) -> HttpResponse:
    return item_page(request, seat, found(seat, item))


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def verdict(request: HttpRequest, seat: Seat, item: UUID, event: str) -> HttpResponseBase:
    """`event`: one of FORMS, which the life of the document has now."""
    one = found(seat, item)
    if event not in FORMS:
        raise Http404
    form = FORMS[event](request.POST, prefix=event)
    if not form.is_valid():
        return item_page(request, seat, one, **{event: form})
    try:
        ACTS[event](item=one, **form.cleaned_data, by=request.user, now=seat.now)
        messages.success(request, _("Noted. The claimant sees it at once."))
        return back(seat, "documents")
    except WrongMoment:
        too_late(request)
    except NotAccepted as refused:
        messages.error(request, refused.message)
    return redirect("claims:desk_document", seat.claim.public_id, item)


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def certificate(request: HttpRequest, seat: Seat, item: UUID) -> HttpResponseBase:
    one = found(seat, item)
    if one.code not in CERTIFICATES:
        raise Http404
    form = CertificateForm(request.POST, instance=one.certificates.first())
    if not form.is_valid():
        return item_page(request, seat, one, certificate_form=form)
    facts = {name: form.cleaned_data[name] for name in CertificateForm.Meta.fields}
    try:
        record_certificate(item=one, facts=facts, by=request.user, now=seat.now)
        messages.success(request, _("The facts of the certificate are entered."))
    except WrongMoment:
        too_late(request)
    return redirect("claims:desk_document", seat.claim.public_id, item)


# ── One file ─────────────────────────────────────────────────────────────────
@never_cache
@require_safe
@at_desk()
def file(request: HttpRequest, seat: Seat, number: int) -> HttpResponseBase:
    """Pictures where they are: a reviewer does not sort downloads."""
    page = page_of_claim(seat.claim, number)
    if page is None or page.upload.state != State.CLEAN:
        raise Http404
    return file_answer(page.upload, inline=True)


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def page_verdict(request: HttpRequest, seat: Seat, number: int) -> HttpResponseBase:
    page, form = page_of_claim(seat.claim, number), PageForm(request.POST, prefix=f"page{number}")
    if page is None:
        raise Http404
    item = page.item
    if not form.is_valid():
        return item_page(request, seat, found(seat, item.public_id), refused=(number, form))
    given = form.cleaned_data
    try:
        judge_page(page=page, verdict=Verdict(given["verdict"]), why=given["why"], by=request.user, now=seat.now)
    except WrongMoment:
        too_late(request)
    return redirect("claims:desk_document", seat.claim.public_id, item.public_id)


# ── The list ─────────────────────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def more(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """10.4: one document more, with the reasons."""
    form = MoreForm(request.POST or None, initial={"why": seat.words})
    if not form.is_valid():
        return render(request, "claims/desk/more.html", {"seat": seat, "form": form})
    given = form.cleaned_data
    try:
        ask_for_more(
            claim=seat.claim, title=given["title"], form=Form(given["form"]), giver=Giver(given["giver"]),
            why=given["why"], by=request.user, now=seat.now,
        )  # fmt: skip
        messages.success(
            request, _("It is on the list. Answer about the documents, so that the claimant is written to.")
        )
    except WrongMoment:
        too_late(request)
    return back(seat, "documents")


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def answered(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """10.3: what is missing, or that nothing is."""
    try:
        if answer_documents(claim=seat.claim, by=request.user, now=seat.now):
            messages.success(
                request, _("All documents are there. The review has begun, and the claimant knows its last day.")
            )
        else:
            messages.success(request, _("The claimant is told what is missing."))
    except (NotJudged, NoApplication) as refused:
        messages.error(request, refused.message)
    except WrongMoment:
        too_late(request)
    return back(seat, "documents")


# ── Shared ───────────────────────────────────────────────────────────────────
def found(seat: Seat, item: UUID) -> Item:
    one = item_of(seat.claim, item)
    if one is None:
        raise Http404
    return one


def item_page(request: HttpRequest, seat: Seat, item: Item, **given: Any) -> HttpResponse:
    """A form among `given` that has errors stands in the place of its empty one."""
    open_to = ITEM_LIFE.open_to(Actor.REVIEWER, ItemState(item.state)) if seat.reviews else ()
    offered = [event for event in open_to if event in FORMS and (event != ItemEvent.AWAIT_ORIGINAL or item.is_paper)]
    initial = {"received_on": seat.today, "why": seat.words}
    acts = [(event, given.get(event) or FORMS[event](prefix=event, initial=initial)) for event in offered]
    number, refused = given.get("refused", (None, None))
    pages = [(page, refused if page.pk == number else PageForm(prefix=f"page{page.pk}")) for page in item.pages.all()]
    certificate = given.get("certificate_form") or CertificateForm(instance=item.certificates.first())
    context = {"seat": seat, "item": item, "acts": acts, "pages": pages}
    if item.code in CERTIFICATES:
        context["certificate_form"] = certificate
    return render(request, "claims/desk/document.html", context)
