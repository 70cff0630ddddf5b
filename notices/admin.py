"""The operator's list of messages: what is parked stands first. Nothing can be edited; bodies are not shown."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notices import services
from notices.forms import RetryForm
from notices.models import PARKED_FIRST, Delivery, Notice


class ReadOnly:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DeliveryInline(ReadOnly, admin.TabularInline):
    model = Delivery
    fields = ["at", "outcome", "answer", "provider_id"]
    ordering = ["-at", "-pk"]


@admin.register(Notice)
class NoticeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["kind", "channel", "to", "state", "answer", "tries", "created_at", "next_try_at"]
    list_filter = ["state", "answer", "channel"]
    search_fields = ["to"]
    search_help_text = _("The whole address or phone")
    fields = [
        "kind",
        "channel",
        "to",
        "state",
        "answer",
        "tries",
        "created_at",
        "next_try_at",
        "language",
        "sender",
        "public_id",
    ]
    inlines = [DeliveryInline]
    actions = ["retry"]
    show_full_result_count = False

    def get_ordering(self, request: HttpRequest) -> Any:
        return PARKED_FIRST

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Notice], search_term: str
    ) -> tuple[QuerySet[Notice], bool]:
        """The whole recipient, by index: a part would list other people's addresses."""
        term = search_term.strip()
        return (queryset.filter(to__iexact=term) if term else queryset), False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notices.retry_notice")

    @admin.action(description=_("Send again…"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Notice]) -> HttpResponse | None:
        """First the page that asks for the reason, then the deed."""
        form = RetryForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": _("Send again"),
                "form": form,
                "notices": queryset,
                "opts": self.opts,
            }
            return TemplateResponse(request, "admin/notices/notice/retry.html", context)
        self._retry_all(request, queryset, form.cleaned_data["reason"])
        return None

    def _retry_all(self, request: HttpRequest, queryset: QuerySet[Notice], reason: str) -> None:
        assert isinstance(request.user, AbstractBaseUser)  # noqa: S101  the admin lets nobody else in
        for notice in queryset:
            try:
                services.retry_parked(notice=notice, by=request.user, reason=reason)
            except services.NotParked as error:
                self.message_user(request, f"{notice}: {error}", messages.WARNING)
            else:
                self.message_user(request, gettext("%(notice)s: will be sent again.") % {"notice": notice})
