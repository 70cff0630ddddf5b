"""The messages of one's own insurers: what is parked stands first. Nothing is edited, bodies are not shown.

It stands here because memberships do.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import ReadOnly
from core.phones import mask_email, mask_phone
from notices import services
from notices.models import PARKED_FIRST, Delivery, Notice
from notices.rules import Channel
from policies.admin.scoped import SlugScoped, insurers_of
from policies.forms import ReasonForm
from policies.rules import StaffRole

if TYPE_CHECKING:
    DeliveryTable = admin.TabularInline[Delivery, Notice]
else:
    DeliveryTable = admin.TabularInline


class DeliveryInline(ReadOnly, DeliveryTable):
    model = Delivery
    fields = ["at", "outcome", "answer", "provider_id"]
    ordering = ["-at", "-pk"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever reads the message reads its tries."""
        return True


@admin.register(Notice)
class NoticeAdmin(ReadOnly, SlugScoped):
    view_roles = frozenset({StaffRole.OPERATOR, StaffRole.AUDITOR})
    retry_roles = frozenset({StaffRole.OPERATOR})
    list_display = ["what", "channel", "recipient", "state", "answer", "tries", "created_at", "next_try_at"]
    list_filter = ["state", "answer", "channel"]
    search_fields = ["to"]  # so that Django draws the search box; get_search_results decides
    search_help_text = _("The whole address or phone")
    fields = (
        "what", "channel", "recipient", "state", "answer", "tries", "created_at", "next_try_at", "language", "sender",
        "public_id",
    )  # fmt: skip
    readonly_fields = ["what", "recipient"]
    inlines = [DeliveryInline]
    actions = ["retry"]

    def get_ordering(self, request: HttpRequest) -> Any:
        return PARKED_FIRST

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, notice: Notice) -> str:
        return notice.kind_in_words

    @admin.display(description=_("recipient"))
    def recipient(self, notice: Notice) -> str:
        """Masked, as in an insured person's file: there it is shown in full, with a reason."""
        mask = mask_email if notice.channel == Channel.EMAIL else mask_phone
        return mask(notice.to) if notice.to else ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The whole recipient, by index: a part would list other people's addresses."""
        term = search_term.strip()
        return (queryset.filter(to__iexact=term) if term else queryset), False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser or insurers_of(request, self.retry_roles))

    @admin.action(description=_("Send again…"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Notice]) -> HttpResponse | None:
        """First the page that asks for the reason, then the deed."""
        chosen = self.narrowed(request, queryset, self.retry_roles)
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            self._retry_all(request, chosen, form.cleaned_data["reason"])
            return None
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _("Send again"),
            "form": form, "notices": [(notice, self.recipient(notice)) for notice in chosen],
        }  # fmt: skip
        return TemplateResponse(request, "admin/notices/notice/retry.html", context)

    def _retry_all(self, request: HttpRequest, chosen: QuerySet[Notice], reason: str) -> None:
        for notice in chosen:
            try:
                services.retry_parked(notice=notice, by=request.user, reason=reason)
            except services.NotParked as error:
                self.message_user(request, f"{notice}: {error}", messages.WARNING)
            else:
                self.message_user(request, gettext("%(notice)s: will be sent again.") % {"notice": notice})
