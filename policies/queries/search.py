"""Whom a caller means: exactly what they say, nothing for a part of it."""

import re
from contextlib import suppress
from typing import Any

from django.db.models import Q, QuerySet

from core.dates import DateNotUnderstood, parse_date
from core.identity import normalise_key
from core.names import search_key
from core.phones import PhoneNotAccepted, parse_mobile
from policies.models import Insurer, Party, Policy
from policies.rules import Role

NAME_AND_BIRTH_DATE = re.compile(r"(?P<name>\D+?)[\s,]+(?P<date>\d[\d\s./-]*)")


def found_by(policies: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Those of `policies` that somebody on the telephone names exactly (security.md, 2.13), nothing for a part of it.

    `text` is the insured ID, or of the insured the IIN, the phone, or the surname (more of the name may follow) with
    the full birth date. Every branch goes by an index, so an OR over both tables is avoided.
    """
    insurers = Insurer.objects.values("pk")
    insured = Party.objects.filter(role=Role.INSURED, person__insurer__in=insurers).filter(_as_told(text))
    by_id = Policy.objects.filter(insurer__in=insurers, insured_key=normalise_key(text))
    return policies.filter(pk__in=by_id.values("pk").union(insured.values("policy")))


def _as_told(text: str) -> Q:
    if match := NAME_AND_BIRTH_DATE.fullmatch(text.strip()):
        name = search_key(match["name"])
        with suppress(DateNotUnderstood):
            whole = Q(person__search_key=name) | Q(person__search_key__startswith=f"{name} ")
            return whole & Q(person__birth_date=parse_date(match["date"]))
    with suppress(PhoneNotAccepted):
        return Q(person__phone=parse_mobile(text, "KZ"))  # Russia shares the +7
    return Q(person__iin=normalise_key(text), person__iin__gt="")
