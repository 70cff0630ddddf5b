"""Claims as a list for auditors and reviewers in the admin: looked at, never changed. The room is elsewhere (views.desk).
And the lists that reviewers keep: countries where the contract may not hold, templates of words."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, ExcludedCountry, Wording
from claims.queries.staff import READS, REVIEWS
from claims.rules.numbers import parse_number
from claims.services.lists import drop_wording, keep_country, keep_wording
from core.admin import ReadOnly, member_of_staff
from core.countries import country_choices, country_name
from policies.admin.scoped import StaffScoped, insurers_of
from policies.models import Insurer


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


class KeptByReviewers(StaffScoped):
    """Rows of an insurer that its reviewers keep; whose they are is chosen once."""

    view_roles = frozenset(READS)
    add_roles = change_roles = frozenset(REVIEWS)
    actions = None  # one by one, so that each change is in the audit trail
    kept: tuple[str, ...] = ("insurer",)  # what a row keeps for good

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "insurer" and not request.user.is_superuser:
            options["queryset"] = Insurer.objects.filter(pk__in=insurers_of(request, self.add_roles))
        return super().formfield_for_foreignkey(db_field, request, **options)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.kept if obj else ()


@admin.register(ExcludedCountry)
class ExcludedCountryAdmin(KeptByReviewers):
    """5.3. A row is ended by its last day and never deleted: claims of earlier days keep their warning."""

    list_display = ["named", "ground", "since", "until", "source", "insurer"]
    list_filter = ["ground", "insurer"]
    list_select_related = ["insurer"]
    kept: tuple[str, ...] = ("insurer", "named", "ground", "since")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Which country it is, is chosen once, and read by its name then."""
        return ("insurer", "named" if obj else "country", "ground", "since", "until", "source")

    @admin.display(description=_("country"))
    def named(self, row: ExcludedCountry) -> str:
        return country_name(row.country)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "country":
            return forms.ChoiceField(label=capfirst(db_field.verbose_name), choices=country_choices)
        return super().formfield_for_dbfield(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: ExcludedCountry, form: Any, change: bool) -> None:
        keep_country(country=obj, by=member_of_staff(request))


@admin.register(Wording)
class WordingAdmin(KeptByReviewers):
    """What reviewers use again where they write (templates/claims/desk/wordings.html)."""

    list_display = ["title", "language", "insurer"]
    list_filter = ["language", "insurer"]
    list_select_related = ["insurer"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Wording, form: Any, change: bool) -> None:
        keep_wording(wording=obj, by=member_of_staff(request))

    def delete_model(self, request: HttpRequest, obj: Wording) -> None:
        drop_wording(wording=obj, by=member_of_staff(request))
