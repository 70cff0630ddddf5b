from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from core import audit
from core.models import CalendarDay

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # the stubs' name for AUTH_USER_MODEL

    ModelAdmin = admin.ModelAdmin[CalendarDay]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(CalendarDay)
class CalendarDayAdmin(ModelAdmin):
    list_display = ["date", "country", "kind", "note", "author"]
    list_filter = ["country", "kind"]
    date_hierarchy = "date"
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
