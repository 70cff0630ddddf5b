"""The policies of an account, and one policy with all its facts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from core.languages import in_language
from core.ruler import Ruler, day_ruler
from policies.models import Access, Document, Insurer, Party, Person, Policy
from policies.queries.consultations import SumInsured, sum_insured_of
from policies.queries.cover import Offer, offers_of
from policies.queries.documents import documents_of, languages_being_made
from policies.queries.people import other_parties
from policies.rules import AccessKind, AccessScope, ContractKind, Role, Standing, standing


def is_another_person(user: Any, person: Person) -> bool:
    """Whether this account is itself somebody else at this insurer. One query."""
    own = Access.objects.filter(user=user, kind=AccessKind.SELF, until=None, person__insurer=person.insurer)
    return own.exclude(person=person).exists()


def policy_with_insured(**where: Any) -> Policy | None:
    """One policy with its insurer, product and the person covered. `where` looks at the policy. One query."""
    rows = Party.objects.filter(role=Role.INSURED, **{f"policy__{name}": value for name, value in where.items()})
    party = rows.select_related("person", "policy__insurer", "policy__product_version__product").first()
    return _joined(party) if party else None


def insured_by_iin(iin: str) -> list[Policy]:
    """At every insurer, each as `policy_with_insured` gives one. One query along the IIN's index, which begins with them."""
    people = Person.objects.filter(insurer__in=Insurer.objects.values("pk"), iin=iin)
    parties = Party.objects.filter(role=Role.INSURED, person__in=people)
    return [
        _joined(party)
        for party in parties.select_related("person", "policy__insurer", "policy__product_version__product").order_by(
            "pk"
        )
    ]


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
    waits_from: date | None  # where the ruler of the wait begins

    @property
    def is_limited(self) -> bool:
        return self.access.scope == AccessScope.LIMITED

    @cached_property
    def offers(self) -> list[Offer]:
        """What the policy gives today. No query."""
        return offers_of(self.policy, today=self.today)

    @property
    def has_prices(self) -> bool:
        """Whether something is shown that is not covered now."""
        return any(not offer.cover.is_covered for offer in self.offers)

    @property
    def days_to_cover(self) -> int | None:
        """None where the first day of cover is not set yet."""
        starts = self.policy.cover_starts_on
        return (starts - self.today).days if starts else None

    @property
    def days_of_cover_left(self) -> int | None:
        """The last day counts; None where no end is printed."""
        ends = self.policy.cover_ends_on
        return (ends - self.today).days + 1 if ends else None


@dataclass(frozen=True)
class PolicyPage:
    card: PolicyCard
    other_parties: list[Party]
    documents: list[Document]  # the newest first
    being_made: list[str]  # languages of the policy as a PDF that a worker is about to make
    sum_insured: SumInsured | None  # None: a limited access reads the contract's facts only

    @property
    def where_is_the_cover_start(self) -> str:
        """NSK-05, NSK-06: where the printed date stands."""
        version, kind = self.card.policy.product_version, ContractKind(self.card.policy.contract_kind)
        return in_language(version.terms.where_is_the_cover_start.get(kind, {}))


def policy_page(user: Any, *, public_id: UUID, now: datetime) -> PolicyPage | None:
    """None where there is no such policy for this account. Six queries at most."""
    card = next((card for card in policy_cards(user, now=now) if card.policy.public_id == public_id), None)
    if not card:
        return None
    policy = card.policy
    return PolicyPage(
        card,
        other_parties=other_parties([policy.pk])[policy.pk],
        documents=documents_of(policy, user, now=now),
        being_made=[] if card.is_limited else languages_being_made(policy),
        sum_insured=None if card.is_limited else sum_insured_of(policy),
    )


def policy_in_full(user: Any, *, public_id: UUID, now: datetime) -> Policy | None:
    """None where this account may not see all of the policy's affairs. Two queries."""
    mine = (card for card in policy_cards(user, now=now) if card.policy.public_id == public_id)
    return next((card.policy for card in mine if not card.is_limited), None)


def policy_cards(user: Any, *, now: datetime) -> list[PolicyCard]:
    """Every policy this account may see, in the order of `_importance`. Two queries.

    "Today" is each insurer's own day.
    """
    accesses = {access.person_id: access for access in Access.objects.current(now=now).filter(user=user)}
    parties = (
        # By their numbers: as a subquery they were joined last, after all the insured of the portal (70 ms of 20,000).
        Party.objects.filter(role=Role.INSURED, person__in=list(accesses))
        .select_related("person", "policy__insurer", "policy__product_version__product")
        .order_by("policy__cover_starts_on", "pk")
    )
    policies = map(_joined, parties)
    cards = [_card(policy, accesses[policy.insured.pk], now) for policy in policies]
    return sorted(cards, key=_importance)


def home_facts(cards: list[PolicyCard], *, now: datetime) -> dict[str, Any]:
    """What the cabinet's home page (templates/portal/home.html) says of these cards, in the current time zone."""
    return {
        "cards": cards,
        "now": now,
        "zone": timezone.get_current_timezone_name(),
        "anything_needed": any(card.is_limited for card in cards),
    }


def _importance(card: PolicyCard) -> tuple[int, bool, str]:
    """Cover that is in force first, one's own before the family's, then by name."""
    order = [Standing.IN_FORCE, Standing.STARTS_LATER, Standing.NOT_ACTIVATED, Standing.ENDED]
    return order.index(card.standing), card.access.kind != AccessKind.SELF, card.person.sort_key


def _card(policy: Policy, access: Access, now: datetime) -> PolicyCard:
    today = policy.insurer.today(now)
    state = standing(cover_starts_on=policy.cover_starts_on, cover_ends_on=policy.cover_ends_on, today=today)
    starts = policy.cover_starts_on
    waits_from = _waits_from(policy, starts) if starts else None
    return PolicyCard(
        policy, policy.insured, access, state, today, _ruler(policy, state, waits_from, today), waits_from
    )


def _ruler(policy: Policy, state: Standing, waits_from: date | None, today: date) -> Ruler | None:
    starts, ends = policy.cover_starts_on, policy.cover_ends_on
    if starts and waits_from and state == Standing.STARTS_LATER:
        return day_ruler(waits_from, starts, today)
    if starts and ends and state in (Standing.IN_FORCE, Standing.ENDED):
        return day_ruler(starts, ends + timedelta(days=1), today)
    return None


def _waits_from(policy: Policy, starts: date) -> date | None:
    """From the activation where the cover counts from it, else from signing; None where that is not known."""
    if term := policy.product_version.terms.cover:
        return starts - timedelta(days=term.waiting_days)
    return policy.signed_on if policy.signed_on and policy.signed_on < starts else None
