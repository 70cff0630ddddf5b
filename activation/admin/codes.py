"""Activation codes on paper: issue a sheet, print it, withdraw it. Each page acts through one service."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from activation.forms import SheetForm
from activation.models import CodeBatch
from activation.rules import MOST_ON_A_SHEET
from activation.services.codes import issue_codes, withdraw_batch
from core.form_tokens import sent_once
from core.links import public_url
from policies.admin.scoped import ProgrammeScoped
from policies.forms import ReasonForm
from policies.rules import Door, StaffRole

KEEPERS = frozenset({StaffRole.REGISTRAR})


class CodeBatchAdmin(ProgrammeScoped):
    pages = "admin/activation/codes"
    view_roles = KEEPERS | {StaffRole.AUDITOR}
    add_roles = change_roles = KEEPERS
    list_display = ["issued_at", "programme", "codes", "issued_by", "withdrawn_at"]
    list_display_links = None
    list_select_related = ["product__insurer", "issued_by"]
    ordering = ["-issued_at", "-pk"]
    actions = None
    change_list_template = "admin/activation/codes/list.html"

    def get_urls(self) -> list[URLPattern]:
        withdrawal = self.admin_site.admin_view(self.withdrawal)
        own = path("<uuid:public_id>/withdrawal/", withdrawal, name="activation_codebatch_withdrawal")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        living = self.changeable(request).filter(withdrawn_at=None)
        return super().changelist_view(request, {"living": [(batch, self.name_of(batch)) for batch in living]})

    def name_of(self, batch: CodeBatch) -> str:
        issued = timezone.localtime(batch.issued_at, batch.product.insurer.zone)
        return f"{self.programme(batch)}, {issued:%d.%m.%Y %H:%M}"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What was on the sheet cannot be shown again."""
        raise Http404

    @method_decorator(sent_once)
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The answer is the sheet itself; it stands nowhere else."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        versions = self.own_versions(request).filter(content__door=Door.POLICY_CODE)
        form = SheetForm(request.POST or None, versions=versions)
        if form.is_valid():
            product = form.cleaned_data["product"]
            printed = issue_codes(product=product, by=request.user, now=timezone.now())
            if printed:
                door, name = public_url("activation:start", product.code), product.newest_version.name
                return self.show(request, "sheet", name, insurer=product.insurer, printed=printed, door=door)
            form.add_error("product", _("Every policy of this programme has its code, or is activated"))
        return self.show(request, "issue", _("Issue activation codes"), form=form, most=MOST_ON_A_SHEET)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @method_decorator(sent_once)
    def withdrawal(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        batch = get_object_or_404(self.get_queryset(request), public_id=public_id)
        if not self.allows(request, self.change_roles, batch):
            raise PermissionDenied
        form = ReasonForm(request.POST or None)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            dead = withdraw_batch(batch=batch, by=request.user, reason=reason, now=timezone.now())
            words = ngettext("%(count)d code is withdrawn.", "%(count)d codes are withdrawn.", dead)
            messages.success(request, words % {"count": dead})
            return redirect(reverse("admin:activation_codebatch_changelist"))
        return self.show(request, "withdrawal", _("Withdraw the codes"), batch=self.name_of(batch), form=form)
