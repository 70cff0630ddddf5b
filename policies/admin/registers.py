"""Registers of insured people: upload, preview, decision, report. Each page acts through one service."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import account_of
from core import audit
from core.form_tokens import sent_once
from core.whole_files import NotSaved
from policies.admin.register_page import register_page
from policies.admin.scoped import ProgrammeScoped
from policies.forms import RegisterForm
from policies.gateways.register_reports import refused_rows
from policies.models import Register
from policies.rules import StaffRole
from policies.rules.registers import State, WrongMoment
from policies.services.registers import confirm_register, discard_register, receive_register

KEEPERS = frozenset({StaffRole.REGISTRAR})


@admin.register(Register)
class RegisterAdmin(ProgrammeScoped):
    pages = "admin/policies/register"
    view_roles = KEEPERS | {StaffRole.AUDITOR}
    add_roles = change_roles = KEEPERS
    list_display = ["uploaded_at", "programme", "file_name", "state", "rows", "refused", "uploaded_by"]
    list_filter = ["state"]
    list_select_related = ["product__insurer", "uploaded_by"]
    ordering = ["-uploaded_at", "-pk"]
    actions = None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:public_id>/confirmation/", view(self.confirmation), name="policies_register_confirmation"),
            path("<uuid:public_id>/withdrawal/", view(self.withdrawal), name="policies_register_withdrawal"),
            path("<uuid:public_id>/refused.csv", view(self.report), name="policies_register_report"),
            *super().get_urls(),
        ]

    @method_decorator(sent_once)
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = RegisterForm(request.POST or None, request.FILES or None, versions=self.own_versions(request))
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                register = receive_register(
                    product=form.cleaned_data["product"],
                    file=file,
                    file_name=file.name,
                    by=request.user,
                    now=timezone.now(),
                )
                return redirect(register)
            except NotSaved:
                form.add_error(
                    "file", _("The file could not be saved: there is a fault on our side. Send it again later.")
                )
        return self.show(request, "upload", _("Upload a register"), form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The register's page: the preview before the decision, the report after it."""
        register = self.get_object(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        page = register_page(register, show=request.GET.get("show", ""), after=request.GET.get("after", ""))
        may_decide = register.state == State.CHECKED and self.has_change_permission(request, register)
        response = self.show(request, "page", str(register), page=page, register=register, may_decide=may_decide)
        if register.is_busy:
            response["Refresh"] = "3"  # seconds; stops by itself
        return response

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @method_decorator(sent_once)
    def confirmation(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        return self._decision(request, public_id, "confirmation", confirm_register)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @method_decorator(sent_once)
    def withdrawal(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        return self._decision(request, public_id, "withdrawal", discard_register)

    def _decision(self, request: HttpRequest, public_id: UUID, template: str, decide: Any) -> HttpResponse:
        register = self._register(request, public_id)
        if not self.has_change_permission(request, register):
            raise PermissionDenied
        if request.method == "POST":
            try:
                decide(register=register, by=request.user, now=timezone.now())
            except WrongMoment:
                messages.error(request, _("Nothing was done: the register is not waiting for a decision any more."))
            return redirect(register)
        if register.state != State.CHECKED:
            return redirect(register)
        return self.show(request, template, str(register), register=register)

    @method_decorator(require_safe)
    def report(self, request: HttpRequest, public_id: UUID) -> HttpResponseBase:
        register = self._register(request, public_id)
        audit.record(
            gettext_noop("downloaded refused rows"), on=register, by=account_of(request), scope=register.insurer.slug
        )
        rows = register.lines.refused().order_by("line")
        response = StreamingHttpResponse(refused_rows(rows.iterator()), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="refused-{register.public_id}.csv"'
        return response

    def _register(self, request: HttpRequest, public_id: UUID) -> Register:
        return get_object_or_404(self.get_queryset(request), public_id=public_id)
