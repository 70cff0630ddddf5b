"""Who of a firm's people is enrolled: the staff's page of the report, and the guests of the firm who may see it."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import account_of, guests_of
from accounts.services import end_guest_access, invite_guest
from activation.forms.mailings import ReportGuestForm
from activation.gateways.enrolment_files import download
from activation.models import Mailing
from activation.queries.mailings import enrolled, enrolment
from activation.rules import REPORT
from core import audit
from core.form_tokens import sent_once
from policies.admin.scoped import ProgrammeScoped
from policies.gateways.sheets import TYPES
from policies.queries import brand_of
from policies.rules import StaffRole

KEEPERS = frozenset({StaffRole.REGISTRAR})


class EnrolmentPages(ProgrammeScoped):
    pages = "admin/activation/mailings"
    view_roles = KEEPERS | {StaffRole.AUDITOR}
    add_roles = change_roles = KEEPERS

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:public_id>/enrolment/", view(self.enrolment), name="activation_mailing_enrolment"),
            path("<uuid:public_id>/guests/", view(self.guests), name="activation_mailing_guests"),
            path(
                "<uuid:public_id>/guests/<uuid:guest>/end/", view(self.guest_end), name="activation_mailing_guest_end"
            ),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def enrolment(self, request: HttpRequest, public_id: UUID) -> HttpResponseBase:
        mailing = self._mailing(request, public_id)
        today, wanted = mailing.product.insurer.today(timezone.now()), request.GET.get("as", "")
        if wanted in TYPES:
            audit.record(
                gettext_noop("downloaded an enrolment report"), on=mailing, by=account_of(request),
                scope=mailing.product.insurer.slug, file=wanted,
            )  # fmt: skip
            file = download(enrolled(mailing, today=today), wanted, today=today)
            headers = {"Content-Disposition": file.disposition}
            return StreamingHttpResponse(file.content, content_type=file.content_type, headers=headers)
        report = enrolment(mailing, today=today)
        return self.show(request, "enrolment", _("Who is enrolled"), mailing=mailing, report=report, today=today)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @method_decorator(sent_once)
    def guests(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Who at the firm may see the report, and somebody new."""
        mailing, now = self._mailing(request, public_id), timezone.now()
        may_give = self.has_change_permission(request, mailing)
        if request.method == "POST" and not may_give:
            raise PermissionDenied
        form = ReportGuestForm(request.POST or None, initial={"language": mailing.language})
        if form.is_valid():
            self._invite(request, mailing, **form.cleaned_data)
            messages.success(request, _("The link is on its way."))
            return redirect("admin:activation_mailing_guests", public_id)
        guests = [(guest, guest.is_living(now)) for guest in guests_of(mailing.public_id, purpose=REPORT)]
        title = _("Who at the firm sees the report")
        return self.show(request, "guests", title, mailing=mailing, form=form, guests=guests, may_give=may_give)

    def _invite(self, request: HttpRequest, mailing: Mailing, *, contact: str, days: int, language: str) -> None:
        insurer, now = mailing.product.insurer, timezone.now()
        with translation.override(language):
            about = _("Who is enrolled: %(firm)s") % {"firm": mailing.organisation.name}
        until = now.astimezone(insurer.zone) + timedelta(days=days)
        invite_guest(
            contact=contact, purpose=REPORT, subject=mailing.public_id, about=about[:200], until=until, by=request.user,
            language=language, brand=brand_of(insurer, language), scope=insurer.slug, now=now,
        )  # fmt: skip

    @method_decorator(require_POST)
    @method_decorator(sent_once)
    def guest_end(self, request: HttpRequest, public_id: UUID, guest: UUID) -> HttpResponse:
        mailing = self._mailing(request, public_id)
        if not self.has_change_permission(request, mailing):
            raise PermissionDenied
        found = next((one for one in guests_of(public_id, purpose=REPORT) if one.public_id == guest), None)
        if found and end_guest_access(access=found, by=request.user, now=timezone.now()):
            messages.success(request, _("The report is closed to them."))
        return redirect("admin:activation_mailing_guests", public_id)

    def _mailing(self, request: HttpRequest, public_id: UUID) -> Mailing:
        found: Mailing = get_object_or_404(self.get_queryset(request), public_id=public_id)
        return found
