"""Whom a caller means: exactly what they say, nothing for a part of it."""

import re
from contextlib import suppress
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Upper

from accounts.queries import accounts_reached_by
from core.dates import DateNotUnderstood, parse_date
from core.identity import normalise_key
from core.names import search_key
from core.phones import PhoneNotAccepted, parse_mobile
from policies.models import Access, Insurer, Party, Person, Policy
from policies.rules import ContractKind, Role

NAME_AND_BIRTH_DATE = re.compile(r"(?P<name>\D+?)[\s,]+(?P<date>\d[\d\s./-]*)")


def found_by(people: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Those of `people` whom somebody on the telephone names exactly (security.md, 2.13), nobody for a part of it.

    `text` is a number of a policy that covers them (the insured ID, the card's, that of a contract of their own), or
    their IIN, phone, e-mail (on file, or of an account that sees them), or the surname (more of the name may follow)
    with the full birth date. Every branch goes by an index, so an OR over several tables is avoided.
    """
    insurers = Insurer.objects.values("pk")
    named = Person.objects.alias(address=Upper("email")).filter(_as_told(text), insurer__in=insurers)
    seen = Access.objects.filter(user__in=accounts_reached_by(_contact_in(text)), until=None)
    insured = Party.objects.filter(role=Role.INSURED)
    numbered = insured.filter(policy__in=_by_number(normalise_key(text)))
    return people.filter(pk__in=named.values("pk").union(seen.values("person"), numbered.values("person")))


def _by_number(key: str) -> QuerySet[Any]:
    """The number of a corporate contract names a whole staff, so it names nobody."""
    policies = Policy.objects.filter(insurer__in=Insurer.objects.values("pk"))
    by_contract = Policy.objects.filter(contract_kind=ContractKind.INDIVIDUAL, contract_key=key).exclude(
        contract_key=""
    )
    by_card = Policy.objects.filter(card_key=key).exclude(card_key="")
    return policies.filter(insured_key=key).values("pk").union(by_contract.values("pk"), by_card.values("pk"))


def _as_told(text: str) -> Q:
    if match := NAME_AND_BIRTH_DATE.fullmatch(text.strip()):
        name = search_key(match["name"])
        with suppress(DateNotUnderstood):
            whole = Q(search_key=name) | Q(search_key__startswith=f"{name} ")
            return whole & Q(birth_date=parse_date(match["date"]))
    contact = _contact_in(text)
    if "@" in contact:
        return Q(address=contact.upper()) & ~Q(email="")
    if contact:
        return Q(phone=contact)
    return Q(iin=normalise_key(text), iin__gt="")


def _contact_in(text: str) -> str:
    """An address as typed, or a number as E.164; nothing where it is neither."""
    if "@" in text:
        return text.strip()
    with suppress(PhoneNotAccepted):
        return parse_mobile(text, "KZ")  # Russia shares the +7
    return ""
