"""What every admin page of ours has in common, and the calendar's exceptions."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from core import audit
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


@admin.register(CalendarDay)
class CalendarDayAdmin(PlainAdmin):
    list_display = ["date", "country", "kind", "note", "author"]
    list_filter = ["country", "kind", "date"]
    actions = None  # one by one, so that each change is in the audit trail
    readonly_fields = ["author", "created_at"]

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        obj.author = member_of_staff(request)
        super().save_model(request, obj, form, change)
        audit.record(gettext_noop("marked a calendar day"), on=obj, by=obj.author, reason=obj.note, kind=obj.kind)

    def delete_model(self, request: HttpRequest, obj: CalendarDay) -> None:
        author = member_of_staff(request)
        audit.record(gettext_noop("unmarked a calendar day"), on=obj, by=author, date=f"{obj.date}", kind=obj.kind)
        super().delete_model(request, obj)


def member_of_staff(request: HttpRequest) -> "User":
    """The admin lets nobody in without signing in."""
    return cast("User", request.user)
