"""What screens read: whom to call, the policies of an account."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.passwords import words_about
from core.contacts import HelpLine, opening_sentence
from core.dates import DateNotUnderstood, parse_date
from core.identity import normalise_key
from core.languages import in_language
from core.names import search_key
from core.phones import PhoneNotAccepted, parse_mobile
from core.ruler import Ruler, day_ruler
from policies.models import Access, Insurer, Party, Person, Policy, ProductVersion
from policies.rules import AccessKind, AccessScope, ContactLine, ContractKind, Role, Standing, standing


def help_lines(insurer: Insurer | None, *, now: datetime) -> list[HelpLine]:
    """Whom to call and whether they answer at this moment (NSK-19), read on the insurer's clock. No query."""
    if not insurer:
        return []
    here = now.astimezone(insurer.zone)
    return [_help_line(ContactLine.from_data(data), here) for data in insurer.contacts]


def _help_line(line: ContactLine, here: datetime) -> HelpLine:
    state = line.hours.state(here)
    # «круглосуточно» is said once, by the sentence about now.
    hours = () if state.around_clock else tuple(line.hours.lines())
    note = in_language(line.notes)
    return HelpLine(
        label=in_language(line.labels),
        phone=line.phone,
        tel=line.tel,
        email=line.email,
        hours=(*hours, note) if note else hours,
        now=opening_sentence(state, here),
        open=state.open,
    )


def brand_of(insurer: Insurer, language: str) -> dict[str, str]:
    """How a letter signs: the insurer's name, and the first number to call with its hours. Plain JSON."""
    lines = [ContactLine.from_data(data) for data in insurer.contacts]
    first = next((line for line in lines if line.phone), None)
    return {
        "name": in_language(insurer.names, language),
        "phone": first.phone if first else "",
        "hours": ", ".join(first.hours.lines(language)) if first else "",
        "url": settings.PUBLIC_URL,
    }


def brand_for_account(
    sender: Any, request: HttpRequest, user: Any, language: str, **kwargs: Any
) -> dict[str, str] | None:
    """Who signs a letter about an account: the insurer of this host, else the first whose policy the account holds."""
    insurer = request.insurer  # type: ignore[attr-defined]
    if not insurer and user:
        insurer = Insurer.objects.filter(people__accesses__user=user).order_by("people__accesses__since").first()
    return brand_of(insurer, language) if insurer else None


def facts_about(person: Person, policies: Iterable[Policy]) -> dict[str, Any]:
    """What a stranger who found the card would try first as a password; arguments of accounts.passwords.words_about."""
    numbers = [number for policy in policies for number in (policy.insured_key, policy.contract_key, policy.card_key)]
    return {
        "birth_date": person.birth_date,
        "names": [person.surname, person.given_name, person.patronymic],
        "numbers": [number for number in (*numbers, person.iin, person.phone) if number],
        "brands": person.insurer.names.values(),
    }


def words_of_account(sender: Any, user: Any, **kwargs: Any) -> frozenset[str]:
    """Names, dates and numbers of everybody this account reaches: none of them may stand in its password (NSK-09)."""
    words: frozenset[str] = frozenset()
    for access in Access.objects.filter(user=user, until=None).select_related("person__insurer"):
        policies = Policy.objects.filter(parties__person=access.person, parties__role=Role.INSURED)
        words |= words_about(**facts_about(access.person, policies))
    return words


def current_products() -> list[ProductVersion]:
    """The newest version of every product with its insurer, in the order people choose from. One query."""
    return list(ProductVersion.objects.current().order_by("product__position", "product__code"))


def current_product(code: str) -> ProductVersion | None:
    """One query."""
    return ProductVersion.objects.current().filter(product__code=code).first()


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


def policy_with_insured(**where: Any) -> Policy | None:
    """One policy with its insurer, product and the person covered. `where` looks at the policy. One query."""
    rows = Party.objects.filter(role=Role.INSURED, **{f"policy__{name}": value for name, value in where.items()})
    party = rows.select_related("person", "policy__insurer", "policy__product_version__product").first()
    return _joined(party) if party else None


def _joined(party: Party) -> Policy:
    policy, person = party.policy, party.person
    if person is None:
        raise TypeError("an insured party is a person")  # party_insured_is_a_person holds it in the database
    person.insurer = policy.insurer
    policy.insured = person
    return policy


@dataclass(frozen=True)
class PolicyCard:
    """A policy as its account's owner sees it on the home page."""

    policy: Policy
    person: Person
    access: Access
    standing: Standing
    today: date
    ruler: Ruler | None  # of the wait before cover, or of the cover when its end is known

    @property
    def is_limited(self) -> bool:
        return self.access.scope == AccessScope.LIMITED

    @property
    def days_to_cover(self) -> int:
        return (self.policy.cover_starts_on - self.today).days

    @property
    def days_of_cover_left(self) -> int | None:
        """The last day counts; None where no end is printed."""
        ends = self.policy.cover_ends_on
        return (ends - self.today).days + 1 if ends else None


def help_of_everybody(insurer: Insurer | None, *, now: datetime) -> list[tuple[str, list[HelpLine]]]:
    """Each insurer's name and contact lines, or only this one's. Insurers without a contact are left out."""
    insurers = [insurer] if insurer else Insurer.objects.exclude(contacts=[])
    return [(one.name, help_lines(one, now=now)) for one in insurers]


@dataclass(frozen=True)
class PolicyPage:
    card: PolicyCard
    other_parties: list[Party]

    @property
    def where_is_the_cover_start(self) -> str:
        """NSK-05, NSK-06: where the printed date stands."""
        version, kind = self.card.policy.product_version, ContractKind(self.card.policy.contract_kind)
        return in_language(version.terms.where_is_the_cover_start.get(kind, {}))


def policy_page(user: Any, *, public_id: UUID, now: datetime) -> PolicyPage | None:
    """None where there is no such policy for this account. Three queries."""
    card = next((card for card in policy_cards(user, now=now) if card.policy.public_id == public_id), None)
    if not card:
        return None
    others = card.policy.parties.exclude(role=Role.INSURED).select_related("person", "organisation").order_by("pk")
    return PolicyPage(card, list(others))


def policy_cards(user: Any, *, now: datetime) -> list[PolicyCard]:
    """Every policy this account may see, in the order of `_importance`. Two queries.

    "Today" is the day in the current time zone for whose access has ended, and each insurer's own day for its cover.
    """
    today = timezone.localdate(now)
    accesses = {access.person_id: access for access in Access.objects.current(today=today).filter(user=user)}
    parties = (
        Party.objects.filter(role=Role.INSURED, person__in=Person.objects.visible_to(user, today=today))
        .select_related("person", "policy__insurer", "policy__product_version__product")
        .order_by("policy__cover_starts_on", "pk")
    )
    policies = map(_joined, parties)
    cards = [_card(policy, accesses[policy.insured.pk], now) for policy in policies]
    return sorted(cards, key=_importance)


def _importance(card: PolicyCard) -> tuple[int, bool, str]:
    """Cover that is in force first, one's own before the family's, then by name."""
    order = [Standing.IN_FORCE, Standing.STARTS_LATER, Standing.ENDED]
    return order.index(card.standing), card.access.kind != AccessKind.SELF, card.person.sort_key


def _card(policy: Policy, access: Access, now: datetime) -> PolicyCard:
    today = policy.insurer.today(now)
    state = standing(cover_starts_on=policy.cover_starts_on, cover_ends_on=policy.cover_ends_on, today=today)
    return PolicyCard(policy, policy.insured, access, state, today, _ruler(policy, state, today))


def _ruler(policy: Policy, state: Standing, today: date) -> Ruler | None:
    if state == Standing.STARTS_LATER and policy.signed_on and policy.signed_on < policy.cover_starts_on:
        return day_ruler(policy.signed_on, policy.cover_starts_on, today)
    if state != Standing.STARTS_LATER and policy.cover_ends_on:
        return day_ruler(policy.cover_starts_on, policy.cover_ends_on + timedelta(days=1), today)
    return None
