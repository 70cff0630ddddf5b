"""Whose requests, of which days, staff look at."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q

from core.periods import Period
from policies.models import Insurer


@dataclass(frozen=True)
class Scope:
    """`insurers` are in the order in which they are shown."""

    insurers: Sequence[Insurer]
    period: Period

    @property
    def zones(self) -> dict[ZoneInfo, list[int]]:
        """By zone the insurers that live in it."""
        found: dict[ZoneInfo, list[int]] = defaultdict(list)
        for insurer in self.insurers:
            found[insurer.zone].append(insurer.pk)
        return found

    def among(self, insurer: str, instant: str) -> Q:
        """Of these insurers, within the days of each one's own calendar. Both are names of lookups."""
        asked = Q(pk__in=[])
        for zone, insurers in self.zones.items():
            begins, ends = self.period.span(zone)
            asked |= Q(**{f"{insurer}__in": insurers, f"{instant}__gte": begins, f"{instant}__lt": ends})
        return asked
