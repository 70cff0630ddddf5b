"""«Am I covered?», asked for a person, for one policy, and at the door of a programme."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.languages import in_language
from policies.models import Party, Person, Policy, ProductVersion
from policies.rules import Cover, CoverKind, Role, Service
from policies.rules.cover import Held, cover_by, cover_of_nobody


@dataclass(frozen=True)
class Offer:
    """Services of which the same is true: one line of «What is covered»."""

    cover: Cover  # of any of them
    services: list[Service]

    @property
    def names(self) -> str:
        """In the active language."""
        return ", ".join(str(service.label) for service in self.services)

    @property
    def explanation(self) -> list[tuple[str, str]]:
        """Sentence and clause of each step, in the active language."""
        return [(step.said(self.names), in_language(step.clause)) for step in self.cover.steps]


def cover_for(person: Person, *, service: Service, now: datetime, for_close_one: bool = False) -> Cover:
    """Whether `person`, by whatever policy, is covered at `now`: the one answer that other apps ask for.

    `for_close_one`: the patient is somebody close to `person`, who need not be known to us (KIH-20). One query, and one
    more where the person's insurer was not loaded.
    """
    return cover_by(
        _held_by(person), service=service, prices=person.insurer.prices, today=person.insurer.today(now),
        for_close_one=for_close_one,
    )  # fmt: skip


def covers_for(person: Person, *, now: datetime, for_close_one: bool = False) -> list[Cover]:
    """`cover_for` of every service. The same queries."""
    held, insurer = _held_by(person), person.insurer
    return [
        cover_by(held, service=service, prices=insurer.prices, today=insurer.today(now), for_close_one=for_close_one)
        for service in Service
    ]


def _held_by(person: Person) -> list[Held]:
    parties = Party.objects.filter(role=Role.INSURED, person=person).select_related("policy__product_version")
    return [_held(party.policy) for party in parties]


def _held(policy: Policy) -> Held:
    return Held(policy.pk, policy.product_version.terms, policy.cover_starts_on, policy.cover_ends_on)


def offers_of(policy: Policy, *, today: date) -> list[Offer]:
    """What this policy by itself gives, as its page tells it. `today` is the insurer's. No query where the insurer and the
    version are loaded."""
    prices = policy.insurer.prices
    return _told(cover_by([_held(policy)], service=service, prices=prices, today=today) for service in Service)


def offers_at_door(product: ProductVersion, *, policy: Policy | None, now: datetime) -> list[Offer]:
    """For whoever is insured by `policy`; None: for somebody whom nobody has recognised (TM-27). No query.

    Nothing yet of a cover that will count from the activation that is being made.
    """
    insurer = product.product.insurer
    if policy:
        return offers_of(policy, today=insurer.today(now)) if policy.cover_starts_on else []
    return _told(cover_of_nobody(service, prices=insurer.prices, terms=product.terms) for service in Service)


def _told(covers: Iterable[Cover]) -> list[Offer]:
    """What is covered first, then what costs less. What cannot be had at all is not spoken of."""
    offers: dict[object, Offer] = {}
    for cover in covers:
        if cover.kind != CoverKind.NO:
            alike = (cover.kind, cover.price, *((step.why, step.day) for step in cover.steps))
            offers.setdefault(alike, Offer(cover, [])).services.append(cover.service)
    return sorted(offers.values(), key=_place)


def _place(offer: Offer) -> tuple[int, Decimal]:
    price = offer.cover.price
    return list(CoverKind).index(offer.cover.kind), price.amount if price else Decimal(0)
