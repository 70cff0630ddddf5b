"""What every admin page of ours has in common, and the calendar's exceptions."""

from copy import copy
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from core import audit
from core.calendar_edits import Consequence, consequences_of, edited
from core.models import CalendarDay

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # the stubs' name for AUTH_USER_MODEL

    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


@method_decorator(require_safe, name="history_view")
class PlainAdmin(ModelAdmin):
    """Who may not look finds nothing, and what is not found is a 404: no page tells which rows exist.

    Django answers 403 for a row that is there and leads to the first page from one that is not, its history included.
    """

    view_on_site = False  # the site has no such page (accounts.sites)
    show_full_result_count = False  # a second count of a table that may hold a million rows

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows if self.has_view_permission(request) else rows.none()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError) as error:  # a year of forty digits, or 0, which Django takes for one
            raise IncorrectLookupParameters from error

    def response_action(  # type: ignore[override]  # the stubs know Django 6
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        """What was chosen in a list are numbers of rows; Django would fail on anything else."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(number.isascii() and number.isdigit() for number in chosen):
            raise BadRequest
        return super().response_action(request, queryset)


class ReadOnly:
    """Mixed into an admin of rows, or an inline: nothing is added, changed or deleted by a form."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


SEEN = "seen"  # in the form that confirms: how many dates the page said would move


@admin.register(CalendarDay)
class CalendarDayAdmin(PlainAdmin):
    """An edit that moves anything is confirmed by whoever has seen what it moves."""

    list_display = ["date", "country", "kind", "note", "author"]
    list_filter = ["country", "kind", "date"]
    actions = None  # one by one, so that each change is in the audit trail
    readonly_fields = ["author", "created_at"]
    delete_confirmation_template = "admin/core/calendarday/removal.html"

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First the page that shows what would move, where anything would; then the edit."""
        if request.method == "POST" and SEEN not in request.POST:
            was = self.get_object(request, object_id) if object_id else None
            if moved := self._moved_by_form(request, was):
                return self._ask(request, moved)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _moved_by_form(self, request: HttpRequest, was: CalendarDay | None) -> list[Consequence]:
        """Nothing of a form that is wrong, or of somebody who may not send it: Django answers those."""
        allowed = self.has_change_permission(request, was) if was else self.has_add_permission(request)
        form = self.get_form(request, was, change=bool(was))(request.POST, instance=copy(was))
        return consequences_of(form.instance, instead_of=was) if allowed and form.is_valid() else []

    def _ask(self, request: HttpRequest, moved: list[Consequence]) -> HttpResponse:
        sent = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": gettext("What would move"), "moved": moved,
            "sent": [pair for pair in sent if pair[0] != "csrfmiddlewaretoken"], "seen": sum(one.count for one in moved),
        }  # fmt: skip
        return TemplateResponse(request, "admin/core/calendarday/consequences.html", context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        day = self.get_object(request, object_id)
        moved = consequences_of(None, instead_of=day) if self.has_delete_permission(request, day) else []
        told = {"moved": moved, "seen": sum(one.count for one in moved)}
        return super().delete_view(request, object_id, (extra_context or {}) | told)

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        obj.author = member_of_staff(request)
        was = CalendarDay.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        audit.record(gettext_noop("marked a calendar day"), on=obj, by=obj.author, reason=obj.note, kind=obj.kind)
        if was and (was.country, was.date) != (obj.country, obj.date):
            self._tell(request, was, "none")
        self._tell(request, obj, obj.kind)

    def delete_model(self, request: HttpRequest, obj: CalendarDay) -> None:
        author = member_of_staff(request)
        audit.record(gettext_noop("unmarked a calendar day"), on=obj, by=author, date=f"{obj.date}", kind=obj.kind)
        super().delete_model(request, obj)
        self._tell(request, obj, "none")

    def _tell(self, request: HttpRequest, day: CalendarDay, mark: str) -> None:
        seen = request.POST.get(SEEN, "")
        edited.send(
            CalendarDay, country=day.country, date=day.date, mark=mark, note=day.note, by=member_of_staff(request),
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0, now=timezone.now(),
        )  # fmt: skip


def member_of_staff(request: HttpRequest) -> "User":
    """The admin lets nobody in without signing in."""
    return cast("User", request.user)
