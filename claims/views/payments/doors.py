"""Who comes in: payment officers, and auditors who only read. A penalty is approved by an approver."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from claims.queries.staff import PAYS, roles_at
from policies.models import Insurer
from policies.rules import StaffRole
from policies.views.doors import served_as

READS = PAYS | {StaffRole.AUDITOR}
LONGEST_KEY = 19  # digits: more of them no key has


@dataclass(frozen=True)
class Counter:
    """One insurer's payments before one member of staff. `others`: at which they work as well."""

    insurer: Insurer
    others: list[Insurer]
    user: Any
    roles: frozenset[StaffRole]
    now: datetime

    @property
    def pays(self) -> bool:
        return StaffRole.CASHIER in self.roles

    @property
    def is_at_home(self) -> bool:
        """Not here for the penalties alone."""
        return bool(self.roles & READS)

    @property
    def today(self) -> date:
        return self.insurer.today(self.now)


def counter(
    request: HttpRequest,
    *,
    reads: Collection[StaffRole] = READS,
    acts: Collection[StaffRole] = PAYS,
    of: Insurer | None = None,
) -> Counter:
    """`of`: whose the row is that the page is about; else `?insurer=` chooses one of several. 403 for staff of other rooms,
    and for a POST of who may only read there."""
    insurers = served_as(request, reads)
    wanted = of.slug if of else request.GET.get("insurer", "")
    insurer = next((one for one in insurers if one.slug == wanted), insurers[0])
    timezone.activate(insurer.zone)
    found = Counter(insurer, insurers, request.user, roles_at(request.user, insurer.pk), timezone.now())
    if request.method == "POST" and not found.roles & set(acts):
        raise PermissionDenied
    return found


def keys_of(request: HttpRequest, reads: Collection[StaffRole] = READS) -> list[int]:
    return [insurer.pk for insurer in served_as(request, reads)]


def before_of(request: HttpRequest) -> int | None:
    """Where the page before ended; what is no number is not asked for."""
    before = request.GET.get("before", "")
    return int(before) if before.isascii() and before.isdigit() and len(before) < LONGEST_KEY else None
