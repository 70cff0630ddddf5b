"""Staff see and do what their memberships say, for their own insurers; Django's permissions have no say here."""

from operator import attrgetter
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.queries import account_of
from core.admin import PlainAdmin
from core.languages import in_language
from policies.models import Insurer, ProductVersion, StaffMembership
from policies.rules import StaffRole

Roles = frozenset[StaffRole]
NOBODY: Roles = frozenset()
EVERYBODY: Roles = frozenset(StaffRole)


class ListByPublicId(ChangeList):
    def url_for_result(self, result: models.Model) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[result.public_id])  # type: ignore[attr-defined]


class StaffScoped(PlainAdmin):
    """An admin of rows that belong to insurers. Not yours is not found; superusers are everybody, nobody deletes.

    The model has a `public_id`, which stands in the URLs.
    """

    insurer_path = "insurer"  # from a row to its insurer, as a lookup: "policy__insurer"
    change_form_template = "admin/policies/scoped.html"  # without the way to history_view
    view_roles = EVERYBODY
    add_roles = NOBODY
    change_roles = NOBODY

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.insurer_path}__in": insurers_of(request, self.view_roles)})

    def changeable(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows that this person may act on: who changes for one insurer may only look at another's."""
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.insurer_path}__in": insurers_of(request, self.change_roles)})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return super().get_object(request, object_id, "public_id")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Django's own record of forms knows nothing here: services act, and the audit trail keeps it."""
        raise Http404

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ListByPublicId

    def allows(self, request: HttpRequest, roles: Roles, obj: Any = None) -> bool:
        """Whether the person has one of the roles: for the insurer of `obj`, or for any insurer."""
        if request.user.is_superuser:
            return bool(roles)
        insurers = insurers_of(request, roles)
        if obj is None:
            return bool(insurers)
        return attrgetter(self.insurer_path.replace("__", ".") + "_id")(obj) in insurers

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.allows(request, self.view_roles)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, self.view_roles, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.allows(request, self.add_roles)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, self.change_roles, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ProgrammeScoped(StaffScoped):
    """…of rows that belong to a programme, with pages of their own below `pages`."""

    insurer_path = "product__insurer"
    pages = ""  # folder of the templates

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_programme(super().get_queryset(request))

    def changeable(self, request: HttpRequest) -> QuerySet[Any]:
        return with_programme(super().changeable(request))

    @admin.display(description=_("programme"))
    def programme(self, row: Any) -> str:
        return f"{row.product.insurer.name}: {in_language(row.programme_names)}"

    def own_versions(self, request: HttpRequest) -> QuerySet[ProductVersion]:
        """The newest versions of the programmes for which this person may add something."""
        versions = ProductVersion.objects.current().order_by("product__position", "product__code")
        if request.user.is_superuser:
            return versions
        return versions.filter(product__insurer__in=insurers_of(request, self.add_roles))

    def show(self, request: HttpRequest, template: str, title: str, /, **context: Any) -> HttpResponse:
        everywhere = self.admin_site.each_context(request) | {"title": title, "opts": self.opts}
        return TemplateResponse(request, f"{self.pages}/{template}.html", everywhere | context)


def with_programme(rows: QuerySet[Any]) -> QuerySet[Any]:
    """…and what their programmes are called, by language."""
    newest = ProductVersion.objects.filter(product=OuterRef("product")).order_by("-number")
    named = rows.annotate(programme_names=Subquery(newest.values("content__names")[:1]))
    return named.select_related("product__insurer")


class SlugScoped(PlainAdmin):
    """An admin of rows of the apps below, which name their insurer by its slug in `scope`. Without one: superusers only."""

    view_roles = NOBODY

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.narrowed(request, super().get_queryset(request), self.view_roles)

    def narrowed(self, request: HttpRequest, rows: QuerySet[Any], roles: Roles) -> QuerySet[Any]:
        """Those of the insurers for which this person has one of these roles."""
        if request.user.is_superuser:
            return rows
        own = Insurer.objects.filter(pk__in=insurers_of(request, roles))
        return rows.filter(scope__in=own.values("slug"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser or insurers_of(request, self.view_roles))


def insurers_of(request: HttpRequest, roles: Roles) -> set[int]:
    """For which insurers this person has one of these roles. One query a request."""
    memberships: list[tuple[int, str]] | None = getattr(request, "memberships", None)
    if memberships is None:
        of_user = StaffMembership.objects.filter(user=account_of(request))
        memberships = list(of_user.values_list("insurer_id", "role"))
        request.memberships = memberships  # type: ignore[attr-defined]
    return {insurer for insurer, role in memberships if role in roles}
