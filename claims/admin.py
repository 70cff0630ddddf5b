"""Claims as a list for auditors and reviewers in the admin: looked at, never changed. The room is elsewhere (views.desk)."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.queries.staff import READS
from claims.rules.numbers import parse_number
from core.admin import ReadOnly
from policies.admin.scoped import StaffScoped


@admin.register(Claim)
class ClaimAdmin(ReadOnly, StaffScoped):
    """A million rows: an order along an index, filters by choices, no counts, a search by the whole number alone."""

    view_roles = frozenset(READS)
    list_display = ["number_shown", "event", "state", "notified_on", "next_on"]
    list_filter = ["state", "event"]
    search_fields = ["number"]  # so that Django draws the search box; get_search_results decides
    search_help_text = _("The whole number of the claim")
    ordering = ["-notified_at", "-pk"]
    actions = None
    list_per_page = 50

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A file is opened in the reviewers' room, which asks what for."""
        claim = self.get_object(request, object_id)
        if claim is None:
            raise Http404
        return redirect("claims:desk_case", claim.public_id)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        number = parse_number(search_term)
        if not search_term:
            return queryset, False
        return queryset.filter(number=number) if number is not None else queryset.none(), False
