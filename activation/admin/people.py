"""Search by what a caller tells, the page of one insured person, and attempts at an ID that nobody has."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from activation.admin.acts import ActPages
from activation.queries import doors_tried, locks_at, person_page, steps_at
from activation.rules import ABOUT_ACCOUNT, ABOUT_PERSON, ABOUT_POLICY
from activation.services.operate import open_file
from core.identity import mask_iin, normalise_key
from core.phones import mask_email, mask_phone
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


class InsuredPersonAdmin(ActPages):
    """Read-only for Django: what an operator does are the pages of `acts`. Auditors read."""

    view_roles = frozenset({StaffRole.OPERATOR, StaffRole.AUDITOR})
    actions = None
    list_display = ["name", "birth_year", "masked_iin", "masked_phone", "masked_email", "policies"]
    list_per_page = 25
    ordering = ["pk"]
    search_fields = ["surname"]  # so that Django draws the search box; get_search_results decides
    search_help_text = _("Each of them whole; the birth date after the surname, for example Қабылов 14.03.1961")
    sortable_by = ()
    preserve_filters = False
    change_list_template = "admin/activation/people.html"

    def get_urls(self) -> list[URLPattern]:
        act, person = self.admin_site.admin_view(self.act_view), "<uuid:public_id>"
        about = [
            (f"{person}/", "person", ABOUT_PERSON),
            (f"{person}/policies/<uuid:policy>/", "policy", ABOUT_POLICY),
            (f"{person}/accounts/<uuid:account>/", "account", ABOUT_ACCOUNT),
        ]
        acts = [
            path(f"{under}{one}/", act, {"act": one}, name=f"activation_{subject}_{one}")
            for under, subject, those in about
            for one in those
        ]
        attempts = self.admin_site.admin_view(self.attempts_view)
        return [path("attempts/<slug:insurer>/", attempts, name="activation_attempts"), *acts, *super().get_urls()]

    # ── Search ───────────────────────────────────────────────────────────────
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Whoever only pays for somebody is nobody here."""
        covers = Party.objects.filter(role=Role.INSURED)
        rows = super().get_queryset(request).filter(Exists(covers.filter(person=OuterRef("pk"))))
        by_policy = covers.select_related("policy__product_version").order_by("policy")
        return rows.select_related("insurer").prefetch_related(Prefetch("parties", by_policy, to_attr="covered"))

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
            return redirect("admin:activation_insuredperson_changelist")
        asked = request.session.get(ASKED, "")
        request.GET = QueryDict(urlencode({"q": asked, "p": request.GET.get("p", 1)}))  # nothing else narrows the list
        key = normalise_key(asked)
        doors = doors_tried(self.own_insurers(request), key) if key else []
        facts = {"title": capfirst(self.opts.verbose_name_plural), "key": key, "doors": doors}
        answers_calls = self.allows(request, self.act_roles)
        return super().changelist_view(request, facts | {"answers_calls": answers_calls})

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SearchList

    @admin.display(description=_("insured person"))
    def name(self, person: Person) -> str:
        return person.short_name

    @admin.display(description=_("born"))
    def birth_year(self, person: Person) -> str:
        return str(person.birth_date.year)

    @admin.display(description=_("IIN"))
    def masked_iin(self, person: Person) -> str:
        return mask_iin(person.iin or "")

    @admin.display(description=_("phone"))
    def masked_phone(self, person: Person) -> str:
        return mask_phone(person.phone) if person.phone else ""

    @admin.display(description=_("e-mail"))
    def masked_email(self, person: Person) -> str:
        return mask_email(person.email) if person.email else ""

    @admin.display(description=_("policies"))
    def policies(self, person: Any) -> SafeString:
        covers = (party.policy for party in person.covered)
        return format_html_join(
            "", "<div>{} ({})</div>", ((one.insured_id, one.product_version.name) for one in covers)
        )

    # ── The page ─────────────────────────────────────────────────────────────
    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        person, now = self.person_or_404(request, object_id), timezone.now()
        open_file(person=person, by=request.user, now=now)
        page = person_page(person, now=now)
        may_act = self.allows(request, self.act_roles, person)
        return self.show(request, "person", page=page, title=person.full_name, may_act=may_act)

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
            "steps": steps_at(door[0], [key])[key],
            "locks": locks_at(door[0], key, now=timezone.now()),
        }
        return TemplateResponse(request, "admin/activation/attempts.html", context)

    def own_insurers(self, request: HttpRequest) -> QuerySet[Insurer]:
        everybody = Insurer.objects.all()
        if request.user.is_superuser:
            return everybody
        return everybody.filter(pk__in=insurers_of(request, self.view_roles))
