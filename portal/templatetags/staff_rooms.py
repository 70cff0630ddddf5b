from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.queries.staff import APPROVES, PAYS, READS
from policies.admin.scoped import insurers_of
from policies.rules import StaffRole
from telemed.queries.desk import doctors_of

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_rooms(context: Context) -> list[tuple[str, str]]:
    """Where this member of staff works beside the admin: names and addresses. Two queries."""
    return rooms_of(context["request"])


@register.simple_tag(takes_context=True)
def other_rooms(context: Context) -> list[tuple[str, str]]:
    """…without the room whose page this is: a doctor who coordinates goes to and fro. Two queries."""
    return rooms_of(context["request"], but=context["request"].path)


def rooms_of(request: HttpRequest, *, but: str = "") -> list[tuple[str, str]]:
    """Rights are asked for each room but the one in which the address `but` lies."""
    rooms = (
        (_("Desk"), reverse("telemed:desk"), is_doctor),
        (_("Assistance"), reverse("telemed:assistance"), coordinates),
        (_("Payout claims"), reverse("claims:queue"), reads_claims),
        (_("Payments"), reverse("claims:payments"), pays_claims),
        (_("Penalties"), reverse("claims:penalties"), only_approves_penalties),
    )
    return [(name, address) for name, address, opens in rooms if not but.startswith(address) and opens(request)]


def is_doctor(request: HttpRequest) -> bool:
    return bool(doctors_of(request.user))


def coordinates(request: Any) -> bool:
    return bool(request.user.is_superuser or insurers_of(request, frozenset({StaffRole.COORDINATOR})))


def reads_claims(request: Any) -> bool:
    return bool(request.user.is_superuser or insurers_of(request, frozenset(READS)))


def pays_claims(request: Any) -> bool:
    return bool(request.user.is_superuser or insurers_of(request, PAYS))


def only_approves_penalties(request: Any) -> bool:
    """Whoever pays finds them in their own room."""
    return not pays_claims(request) and bool(insurers_of(request, APPROVES))
