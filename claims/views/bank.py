"""The bank's letter: the claimant sends the bank a link, and its officer sends the letter by it, seeing nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import GuestAccess
from accounts.queries import guest_in
from accounts.services import note_guest_view
from claims.forms.documents import BankLinkForm, PagesForm
from claims.models import Item
from claims.queries.documents import has_waiting, item_of_link
from claims.rules.life import Actor, WrongMoment
from claims.rules.notice import OF_A_BANK
from claims.services.bank_link import end_bank_link, give_bank_link, is_for_the_bank, note_delivered
from claims.services.delivery import deliver_pages
from claims.views.case import NOT_NOW
from claims.views.documents import item_at
from claims.views.doors import Seat, seated
from core.errors import InputError
from core.form_tokens import sent_once
from core.rows.viewers import also
from core.uploads.forms import take_files
from core.uploads.lists import FileList, file_list
from core.uploads.queries import upload_of
from core.uploads.rules import WrongMoment as FileWrongMoment
from core.uploads.services import withdraw_upload
from core.uploads.views import file_received, list_shown, list_watched, takes_files
from policies.middleware import serve_for


# ── The claimant's side ──────────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seated
@sent_once
def link(request: HttpRequest, seat: Seat, item: UUID) -> HttpResponse:
    found, form = item_at(seat, item), BankLinkForm(request.POST or None)
    if form.is_valid():
        try:
            give_bank_link(item=found, **form.cleaned_data, by=seat.user, now=timezone.now())
        except WrongMoment:
            messages.error(request, NOT_NOW)
            return redirect(seat.claim)
        except InputError as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(request, _("The link is on its way. You will see here when the letter has come."))
            return redirect("claims:document", seat.claim.public_id, item)
    page = {"form": form, "item": found, "claim": seat.claim, "links": list(found.bank_links.all())}
    return render(request, "claims/bank_link.html", page)


@require_POST
@seated
def link_end(request: HttpRequest, seat: Seat, item: UUID, number: int) -> HttpResponse:
    found = item_at(seat, item).bank_links.filter(pk=number).first()
    if found is None:
        raise Http404
    end_bank_link(link=found, by=seat.user, now=timezone.now())
    messages.success(request, _("The link opens nothing any more."))
    return redirect("claims:bank_link", seat.claim.public_id, item)


# ── The bank's side ──────────────────────────────────────────────────────────
View = Callable[..., HttpResponseBase]


def at_the_counter(view: View) -> View:
    """`view` gets the access and the document. Without the access there is no such page; with it, PostgreSQL shows this
    document and what was sent by this browser."""

    @wraps(view)
    def let_in(request: HttpRequest, public_id: UUID, **more: Any) -> HttpResponseBase:
        access = guest_in(request, subject=public_id, purpose=OF_A_BANK, now=timezone.now())
        item = item_of_link(public_id) if access else None
        if access is None or item is None:
            raise Http404
        serve_for(request, item.claim.insurer)
        with also(guest=[access.public_id], item_keys=[public_id]):
            return view(request, access, item, **more)

    return let_in


@takes_files
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def bank(request: HttpRequest, access: GuestAccess, item: Item) -> HttpResponse:
    if request.method == "GET":
        note_guest_view(access=access)
    form = PagesForm(*((request.POST, request.FILES) if request.method == "POST" else ()), sent=has_waiting(item))
    if form.is_valid() and is_delivered(access, item, form):
        messages.success(request, _("The letter is with us. Thank you."))
        return redirect("claims:bank", item.public_id)
    page = {"access": access, "item": item, "form": form, "files": shown(item), "is_open": is_for_the_bank(item)}
    return render(request, "claims/bank.html", page)


def is_delivered(access: GuestAccess, item: Item, form: PagesForm) -> bool:
    now, typed = timezone.now(), form.cleaned_data
    if not is_for_the_bank(item):
        form.add_error(None, NOT_NOW)
        return False
    take_files(form, into=item.files, by=None, guest=access.public_id, now=now)
    if not form.is_valid():
        return False
    with also(claim_keys=[item.claim.public_id]):  # what it moves is the claim; nothing of it is shown
        deliver_pages(
            item=item, language=typed["language"], is_translation=typed["is_translation"], actor=Actor.LENDER, by=None,
            now=now,
        )  # fmt: skip
        note_delivered(access=access, now=now)
    return True


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def files(request: HttpRequest, access: GuestAccess, item: Item) -> HttpResponse:
    if request.method == "POST" and is_for_the_bank(item):
        return file_received(request, into=item.files, by=None, guest=access.public_id, shown=lambda: shown(item))
    return list_shown(request, shown(item))


@require_POST
@at_the_counter
def removal(request: HttpRequest, access: GuestAccess, item: Item, file: UUID) -> HttpResponse:
    upload = upload_of(item.files, file)
    if upload is None or upload.guest != access.public_id:
        raise Http404
    try:
        withdraw_upload(upload=upload, by=None, now=timezone.now())
    except FileWrongMoment:
        messages.error(request, NOT_NOW)
    return redirect("claims:bank", item.public_id)


@require_safe
@at_the_counter
def news(request: HttpRequest, access: GuestAccess, item: Item) -> HttpResponseBase:
    return list_watched(request, item.files)


def shown(item: Item) -> FileList:
    """Names and states; nothing is opened from here."""
    return file_list(
        item.files, address=reverse("claims:bank_files", args=[item.public_id]),
        stream=reverse("claims:live_bank", args=[item.public_id]), file=lambda one: "",
        removal=lambda one: reverse("claims:bank_removal", args=[item.public_id, one]),
    )  # fmt: skip
