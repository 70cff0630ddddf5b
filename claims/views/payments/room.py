"""What is to be paid now, and what came back: the first page of the payers' room, and the file that is made of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from claims.forms.payments import USUALLY, FileForm
from claims.queries.payments.plan import came_back, payable
from claims.queries.payments.room import PAGE, due
from claims.services.payment_files import make_payment_file
from claims.views.payments.doors import counter
from core.form_tokens import sent_once


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def room(request: HttpRequest) -> HttpResponse:
    at = counter(request)
    back = list(came_back([at.insurer.pk])[:PAGE])
    form = FileForm(request.POST or None, today=at.today, came_back=back)
    if form.is_valid():
        again = [UUID(one) for one in form.cleaned_data.get("again", [])]
        until = form.cleaned_data["until"]
        if file := make_payment_file(insurer=at.insurer, until=until, again=again, by=request.user, now=at.now):
            messages.success(request, _("The file is made. Carry it to the bank."))
            return redirect(file)
        messages.info(request, _("Nothing is left to be ordered until that day."))
        return redirect("claims:payments")
    found = due(payable([at.insurer.pk], until=at.today + USUALLY))
    page = {"at": at, "due": found, "back": back, "form": form, "currency": at.insurer.currency}
    return render(request, "claims/payments/room.html", page)
