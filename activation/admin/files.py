"""Search by what a caller tells, the file of one insured person, and attempts at an ID that nobody has."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from activation.admin.acts import DEEDS, ActPages
from activation.models import Activation
from activation.queries import doors_tried, file_page, locks_at, steps_at
from activation.rules import State
from activation.services.operate import open_file
from core.identity import mask_iin, normalise_key
from core.phones import mask_phone
from policies.admin.scoped import ListByPublicId, insurers_of
from policies.middleware import serve_for
from policies.models import Insurer, Party, Person
from policies.queries import found_by
from policies.rules import Role, StaffRole

ASKED = "operator_asked"  # in the session


class SearchList(ListByPublicId):
    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """Of the links to further pages: without the search."""
        return str(super().get_query_string(new_params, ["q", *(remove or [])]))


class InsuredFileAdmin(ActPages):
    """Read-only for Django: what an operator does are the pages of `acts`. Auditors read."""

    view_roles = frozenset({StaffRole.OPERATOR, StaffRole.AUDITOR})
    actions = None
    list_display = ["insured_id", "name", "birth_year", "iin", "phone", "product", "state"]
    list_per_page = 25
    ordering = ["pk"]
    search_fields = ["insured_id"]  # so that Django draws the search box; get_search_results decides
    search_help_text = _("Each of them whole; the birth date after the surname, for example Қабылов 14.03.1961")
    sortable_by = ()
    preserve_filters = False
    change_list_template = "admin/activation/files.html"

    def get_urls(self) -> list[URLPattern]:
        staff = self.admin_site.admin_view
        acts = [
            path(f"<uuid:public_id>/{act}/", staff(self.act_view), {"act": act}, name=f"activation_file_{act}")
            for act in DEEDS
        ]
        attempts = path("attempts/<slug:insurer>/", staff(self.attempts_view), name="activation_attempts")
        return [attempts, *acts, *super().get_urls()]

    # ── Search ───────────────────────────────────────────────────────────────
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        latest = Activation.objects.filter(policy=OuterRef("pk")).order_by("-pk").values("state")[:1]
        insured = Party.objects.filter(role=Role.INSURED).select_related("person")
        rows = super().get_queryset(request).select_related("product_version")
        rows = rows.annotate(latest_state=Subquery(latest))
        return rows.prefetch_related(Prefetch("parties", insured, to_attr="insured_party"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Nothing without a search: nobody leafs through people."""
        return (found_by(queryset, search_term) if search_term else queryset.none()), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What is searched waits in the session: numbers that people read stand in no address (decisions.md)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            request.session[ASKED] = request.POST.get("q", "")[:100]
            return redirect("admin:activation_insuredfile_changelist")
        asked = request.session.get(ASKED, "")
        request.GET = QueryDict(urlencode({"q": asked, "p": request.GET.get("p", 1)}))  # nothing else narrows the list
        key = normalise_key(asked)
        doors = doors_tried(self.own_insurers(request), key) if key else []
        facts = {"title": capfirst(self.opts.verbose_name_plural), "key": key, "doors": doors}
        return super().changelist_view(request, facts)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SearchList

    @admin.display(description=_("insured person"))
    def name(self, file: Any) -> str:
        return person_of(file).short_name

    @admin.display(description=_("born"))
    def birth_year(self, file: Any) -> str:
        return str(person_of(file).birth_date.year)

    @admin.display(description=_("IIN"), empty_value="")
    def iin(self, file: Any) -> str:
        return mask_iin(person_of(file).iin or "")

    @admin.display(description=_("phone"))
    def phone(self, file: Any) -> str:
        phone = person_of(file).phone
        return mask_phone(phone) if phone else ""

    @admin.display(description=_("product"))
    def product(self, file: Any) -> str:
        name: str = file.product_version.name
        return name

    @admin.display(description=_("activation"))
    def state(self, file: Any) -> Any:
        return State(file.latest_state).label if file.latest_state else _("not begun")

    # ── The file ─────────────────────────────────────────────────────────────
    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        policy, now = self.policy_or_404(request, object_id), timezone.now()
        open_file(policy=policy, by=request.user, now=now)
        page = file_page(policy, now=now)
        acts = page.acts if self.allows(request, self.act_roles, policy) else []
        tools = [(reverse(f"admin:activation_file_{act}", args=[policy.public_id]), act.label) for act in acts]
        return self.show(request, "file", page=page, title=policy.insured.full_name, tools=tools)

    # ── An ID that nobody has ────────────────────────────────────────────────
    @method_decorator(require_safe)
    def attempts_view(self, request: HttpRequest, insurer: str) -> HttpResponse:
        key = normalise_key(request.session.get(ASKED, ""))
        door = doors_tried(self.own_insurers(request).filter(slug=insurer), key)
        if not door:
            raise Http404
        serve_for(request, door[0])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Attempts at the ID %(id)s") % {"id": key},
            "insurer": door[0],
            "steps": steps_at(door[0], key),
            "locks": locks_at(door[0], key, now=timezone.now()),
        }
        return TemplateResponse(request, "admin/activation/attempts.html", context)

    def own_insurers(self, request: HttpRequest) -> QuerySet[Insurer]:
        everybody = Insurer.objects.all()
        if request.user.is_superuser:
            return everybody
        return everybody.filter(pk__in=insurers_of(request, self.view_roles))


def person_of(file: Any) -> Person:
    person: Person = file.insured_party[0].person
    return person
