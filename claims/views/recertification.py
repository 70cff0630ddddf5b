"""A disability that is established anew (7.7): the certificate is sent, and what comes of it is seen."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from claims.forms.recertification import CertificateAnewForm
from claims.models import Item
from claims.queries.documents import has_waiting, pages_of
from claims.queries.recertifying import Anew, anew_of
from claims.queries.timeline import timeline_of
from claims.rules.life import WrongMoment
from claims.services.recertify import begin_recertification, send_recertification
from claims.views.case import NOT_NOW
from claims.views.documents import shown
from claims.views.doors import Seat, seated
from core.form_tokens import sent_once
from core.uploads.forms import take_files
from core.uploads.views import takes_files


@takes_files
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seated
def recertification(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The form takes what the script has sent already, and whatever came with the form itself."""
    anew = anew_at(seat)
    if anew.awaited is None or anew.item is None:
        if request.method == "POST":
            messages.error(request, NOT_NOW)
        return render(request, "claims/recertification.html", page_of(seat, anew))
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CertificateAnewForm(*data, sent=has_waiting(anew.item))
    if request.method == "POST" and is_sent(request, seat, anew.item, form):
        return redirect("claims:recertification", seat.claim.public_id)
    page = page_of(seat, anew) | {"form": form, "files": shown(seat, anew.item)}
    return render(request, "claims/recertification.html", page)


def is_sent(request: HttpRequest, seat: Seat, item: Item, form: CertificateAnewForm) -> bool:
    """False: the form says what is wrong with it, or with which file; the other files are kept."""
    now = timezone.now()
    form.full_clean()
    take_files(form, into=item.files, by=seat.user, guest=seat.guest, now=now)
    if not form.is_valid():
        return False
    typed = form.cleaned_data
    try:
        send_recertification(
            claim=seat.claim, facts=form.facts, language=typed["language"], is_translation=typed["is_translation"],
            by=seat.user, now=now,
        )  # fmt: skip
    except WrongMoment:
        messages.error(request, NOT_NOW)
    else:
        messages.success(request, _("The certificate is with us. We decide within ten working days."))
    return True


@require_POST
@seated
@sent_once
def beginning(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Certified anew before anybody asked."""
    try:
        begin_recertification(claim=seat.claim, now=timezone.now())
    except WrongMoment:
        messages.error(request, NOT_NOW)
    return redirect("claims:recertification", seat.claim.public_id)


def anew_at(seat: Seat) -> Anew:
    found = anew_of(seat.claim)
    if found is None:
        raise Http404
    return found


def page_of(seat: Seat, anew: Anew) -> dict[str, object]:
    """`running`: until when is decided, while a review of it lasts."""
    timeline = timeline_of(seat.claim, today=seat.claim.insurer.today(timezone.now()))
    pages = pages_of(anew.item) if anew.item else []
    return {"claim": seat.claim, "anew": anew, "running": timeline.nearest, "item": anew.item, "pages": pages}
