"""Django's ModelAdmin as it comes, for whoever may see what ours shows."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from claims.models import Claim

admin.site.unregister(Claim)


@admin.register(Claim)
class Default(admin.ModelAdmin):
    list_display = ("number", "event", "state", "notified_on", "next_on")
    list_filter = ("state", "event")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True
