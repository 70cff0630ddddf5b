"""Contacts that a register gives otherwise than we have them. Staff decide by two actions, each with a reason."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policies.admin.scoped import StaffScoped
from policies.forms import ReasonForm
from policies.models import Difference
from policies.rules import StaffRole
from policies.services.differences import AlreadyDecided, resolve_difference

Resolution = Difference.Resolution


class Waiting(admin.SimpleListFilter):
    title = gettext_lazy("decision")
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("all", _("All")), *Resolution.choices]

    def choices(self, changelist: Any) -> Any:
        """Without a choice: those that wait."""
        first, *others = super().choices(changelist)
        return [first | {"display": _("Waiting")}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Difference]) -> QuerySet[Difference]:
        match self.value():
            case "all":
                return queryset
            case None:
                return queryset.filter(resolution="")
            case resolution:
                return queryset.filter(resolution=resolution)


@admin.register(Difference)
class DifferenceAdmin(StaffScoped):
    insurer_path = "person__insurer"
    view_roles = frozenset({StaffRole.REGISTRAR, StaffRole.AUDITOR})
    change_roles = frozenset({StaffRole.REGISTRAR})
    list_display = ["person", "field", "on_file", "in_register", "register", "found_at", "resolution"]
    list_filter = [Waiting]
    list_select_related = ["person", "register"]
    fields = (
        "person", "field", "on_file", "in_register", "its_register", "found_at", "resolution", "decided_by", "resolved_at",
        "reason",
    )  # fmt: skip
    readonly_fields = ["its_register", "decided_by"]  # Django's links go by the number of a row, and to closed accounts
    ordering = ["-found_at", "-pk"]
    actions = ["take", "keep"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One difference's page is only read; the decision is an action of the list."""
        return obj is None and super().has_change_permission(request)

    @admin.display(description=gettext_lazy("register"))
    def its_register(self, difference: Difference) -> str:
        return format_html('<a href="{}">{}</a>', difference.register.get_absolute_url(), difference.register)

    @admin.display(description=gettext_lazy("decided by"))
    def decided_by(self, difference: Difference) -> str:
        return str(difference.resolved_by or "")

    @admin.action(description=gettext_lazy("Take the register’s contact"), permissions=["change"])
    def take(self, request: HttpRequest, queryset: QuerySet[Difference]) -> HttpResponse | None:
        return self._resolve(request, queryset, Resolution.TAKEN, "take")

    @admin.action(description=gettext_lazy("Keep our contact"), permissions=["change"])
    def keep(self, request: HttpRequest, queryset: QuerySet[Difference]) -> HttpResponse | None:
        return self._resolve(request, queryset, Resolution.KEPT, "keep")

    def _resolve(
        self, request: HttpRequest, queryset: QuerySet[Difference], resolution: Resolution, action: str
    ) -> HttpResponse | None:
        """First the page that asks why, then the decision."""
        mine = self.changeable(request).filter(pk__in=queryset.values("pk"))
        chosen = list(mine.filter(resolution="").select_related("person"))
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not (chosen and form.is_valid()):
            return self._ask_why(request, chosen, action, form)
        decided = sum(self._decide(request, one, resolution, form.cleaned_data["reason"]) for one in chosen)
        words = ngettext("%(count)s difference is decided.", "%(count)s differences are decided.", decided)
        messages.success(request, words % {"count": decided})
        return None

    def _decide(self, request: HttpRequest, difference: Difference, resolution: Resolution, reason: str) -> bool:
        try:
            resolve_difference(
                difference=difference, resolution=resolution, by=request.user, reason=reason, now=timezone.now()
            )
        except AlreadyDecided:
            return False
        return True

    def _ask_why(
        self, request: HttpRequest, chosen: list[Difference], action: str, form: ReasonForm
    ) -> HttpResponse | None:
        if not chosen:
            messages.error(
                request, _("Nothing was done: what you chose is decided already, or is not yours to decide.")
            )
            return None
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "chosen": chosen,
            "title": getattr(self, action).short_description,
            "form": form, "action": action, "action_field": ACTION_CHECKBOX_NAME,
        }  # fmt: skip
        return TemplateResponse(request, "admin/policies/difference/reason.html", context)
