"""Files for the bank: made once, fetched as often as needed; an order is taken back before the bank has it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from claims.forms.payments import ReasonForm
from claims.gateways.bank import bank
from claims.models import PaymentFile
from claims.queries.payments.room import file_of, files_of, order_of, orders_of
from claims.rules.life import WrongMoment
from claims.services.payment_files import note_download, recall_order
from claims.views.payments.doors import before_of, counter, keys_of
from core.form_tokens import sent_once


@never_cache
@require_safe
def files(request: HttpRequest) -> HttpResponse:
    at = counter(request)
    page = {"at": at, "page": files_of([at.insurer.pk], before_of(request))}
    return render(request, "claims/payments/files.html", page)


@never_cache
@require_safe
def file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = found_file(request, public_id)
    page = {"at": counter(request, of=found.insurer), "file": found, "page": orders_of(found, before_of(request))}
    return render(request, "claims/payments/file.html", page)


@never_cache
@require_safe
def orders(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The file itself. That somebody fetched it stands in the audit trail."""
    found, writer = found_file(request, public_id), bank()
    note_download(file=found, by=request.user)
    told = [order.order for order in found.orders.for_the_bank().select_related("file")]
    name = f"{found.insurer.slug}-{found.number}.{writer.suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(writer.orders(told), content_type=writer.content_type, headers=headers)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def recall(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = order_of(keys_of(request), public_id)
    if found is None:
        raise Http404
    at = counter(request, of=found.file.insurer)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        return render(request, "claims/payments/recall.html", {"at": at, "order": found, "form": form})
    try:
        recall_order(order=found, reason=form.cleaned_data["reason"], by=request.user, now=at.now)
        messages.success(request, _("Taken back. Fetch the file anew before you carry it to the bank."))
    except WrongMoment:
        messages.error(request, _("The bank has answered about this order already."))
    return redirect(found.file)


def found_file(request: HttpRequest, public_id: UUID) -> PaymentFile:
    found = file_of(keys_of(request), public_id)
    if found is None:
        raise Http404
    return found
