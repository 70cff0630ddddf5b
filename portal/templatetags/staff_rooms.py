from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.queries.staff import READS
from policies.admin.scoped import insurers_of
from policies.rules import StaffRole
from telemed.queries.desk import doctors_of

register = template.Library()
PAYS = frozenset({StaffRole.CASHIER})


@register.simple_tag(takes_context=True)
def staff_rooms(context: Context) -> list[tuple[str, str]]:
    """Where this member of staff works beside the admin: names and addresses. Two queries."""
    request: Any = context["request"]
    rooms = []
    if doctors_of(request.user):
        rooms.append((_("Desk"), reverse("telemed:desk")))
    if request.user.is_superuser or insurers_of(request, frozenset({StaffRole.COORDINATOR})):
        rooms.append((_("Assistance"), reverse("telemed:assistance")))
    if request.user.is_superuser or insurers_of(request, frozenset(READS)):
        rooms.append((_("Payout claims"), reverse("claims:queue")))
    if request.user.is_superuser or insurers_of(request, PAYS):
        rooms.append((_("Payments"), reverse("claims:payments")))
    return rooms
