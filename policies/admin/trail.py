"""The audit trail, for auditors of their own insurers and for superusers. It stands here because memberships do."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.admin import ReadOnly
from core.identity import normalise_key
from core.models import AuditEvent
from policies.admin.scoped import SlugScoped
from policies.models import Insurer, Party, Person, Policy
from policies.rules import Role, StaffRole


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, SlugScoped):
    view_roles = frozenset({StaffRole.AUDITOR})
    list_display = ["at", "act", "actor", "object_type", "object_id", "scope", "reason"]
    list_select_related = ["actor"]
    fields = ["at", "act", "who", "object_type", "object_id", "scope", "reason", "detail"]
    readonly_fields = ["act", "who"]
    ordering = ["-pk"]
    actions = None
    search_fields = ["object_id"]  # so that Django draws the search box; get_search_results decides
    search_help_text = _("The insured ID, the whole e-mail of the one who acted, or an object: policies.Policy 17")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By index: of an object, or of an actor."""
        return (queryset.filter(named(search_term.strip())) if search_term else queryset), False

    @admin.display(description=_("act"))
    def act(self, event: AuditEvent) -> str:
        return gettext(event.verb)

    @admin.display(description=_("who"))
    def who(self, event: AuditEvent) -> str:
        """Without Django's link to the account, which auditors may not open."""
        return str(event.actor or "")


def named(term: str) -> Q:
    """Which events a search means."""
    if "@" in term:
        return Q(actor__in=list(User.objects.filter(email=term.lower()).values_list("pk", flat=True)))
    object_type, _space, object_id = term.rpartition(" ")
    if "." in object_type:
        return Q(object_type=object_type, object_id=object_id)
    policies = Policy.objects.filter(insurer__in=Insurer.objects.values("pk"), insured_key=normalise_key(term))
    insured = list(Party.objects.filter(role=Role.INSURED, policy__in=policies))
    about = Q(object_type=Policy._meta.label, object_id__in=[str(party.policy_id) for party in insured])
    return about | Q(object_type=Person._meta.label, object_id__in=[str(party.person_id) for party in insured])
