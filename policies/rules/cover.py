"""«Am I covered?»: one answer for what somebody holds, a service and a day, with the steps that led to it. No clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.dates import from_date, long_date, on_date
from core.money import Money
from policies.rules.consents import Texts
from policies.rules.consultations import PriceList, Service
from policies.rules.policies import Standing, Terms, standing


class CoverKind(TextChoices):
    """The best for the person first: of several policies the first kind wins."""

    COVERED = "covered", _("Covered")
    NOT_BEFORE = "not_before", _("Covered later")
    SELF_PAID = "self_paid", _("You pay")
    ENDED = "ended", _("Cover ended")
    NO = "no", _("Not available")


class Why(TextChoices):
    """What a step says; the facts of the step fill the holes."""

    COVERS = "covers", _("The programme covers: %(service)s.")
    COVERS_NOT = "covers_not", _("The programme does not cover: %(service)s.")
    COVERS_CLOSE_ONES = "covers_close_ones", _("It is also for somebody close to the insured person.")
    INSURED_ONLY = "insured_only", _("It is for the insured person only.")
    NOT_ACTIVATED = "not_activated", _("The policy is not activated, so the cover has not begun to count.")
    STARTS = "starts", _("Cover runs %(from_date)s.")
    ENDS = "ends", _("Last day of cover: %(long_date)s.")
    ENDED = "was_over", _("The cover ended %(on_date)s.")
    FREE = "free", _("While the cover is in force you pay nothing.")
    PAID_MEANWHILE = "paid_meanwhile", _("Until then you pay yourself: %(price)s.")
    CLOSED_MEANWHILE = "closed_meanwhile", _("Until then it cannot be had.")
    NOT_RECOGNISED = "not_recognised", _("Nobody was recognised as insured.")
    LISTED = "listed", _("By the price list: %(price)s.")
    UNLISTED = "unlisted", _("The price list has no price for it.")


# Which of the product file's `clauses` a step rests on (policies.rules.policies.CLAUSES).
RESTS_ON = {
    Why.COVERS: "covers", Why.COVERS_NOT: "covers_not", Why.FREE: "covers",
    Why.COVERS_CLOSE_ONES: "relatives_included", Why.INSURED_ONLY: "relatives_included",
    Why.NOT_ACTIVATED: "cover", Why.STARTS: "cover", Why.ENDS: "cover", Why.ENDED: "cover",
    Why.PAID_MEANWHILE: "paid_meanwhile", Why.CLOSED_MEANWHILE: "paid_meanwhile",
    Why.NOT_RECOGNISED: "price_list", Why.LISTED: "price_list", Why.UNLISTED: "price_list",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One line of the explanation. `clause` is where the contract says so, by language; empty where the file names none."""

    why: Why
    clause: Texts
    service: Service
    day: date | None = None
    price: Money | None = None

    def said(self, services: str = "") -> str:
        """In the active language; of several services at once, `services` are their names."""
        facts = {"service": services or self.service.label, "price": self.price}
        if day := self.day:
            facts |= {"from_date": from_date(day), "on_date": on_date(day), "long_date": long_date(day)}
        return str(self.why.label) % facts


@dataclass(frozen=True)
class Held:
    """A policy, as far as the answer depends on it."""

    policy: int  # its primary key
    terms: Terms
    starts_on: date | None  # None: the cover counts from an activation that nobody has made yet
    ends_on: date | None


@dataclass(frozen=True)
class Cover:
    """The answer. `price` is what is paid now: 0 when covered, None where the service cannot be had."""

    kind: CoverKind
    service: Service
    price: Money | None
    steps: tuple[Step, ...]
    policy: int | None = None  # whose answer it is; None: nobody was recognised
    covered_from: date | None = None  # of NOT_BEFORE: the first day
    price_later: Money | None = None  # of NOT_BEFORE: from that day on
    ended_on: date | None = None  # of ENDED: the last day
    support: Texts | None = None  # TM-27: whom to turn to where the price is not 0, in the product's words

    @property
    def is_covered(self) -> bool:
        return self.kind == CoverKind.COVERED

    @property
    def may_be_paid(self) -> bool:
        """Not covered now, but to be had for `price`."""
        return not self.is_covered and self.price is not None


def cover_by(
    policies: Sequence[Held], *, service: Service, prices: PriceList, today: date, for_close_one: bool = False
) -> Cover:
    """The best answer that any of these policies of one person gives. `today` is the insurer's day of the moment asked for.

    `for_close_one`: the patient is somebody close to that person (KIH-20). What they may have follows from the insured
    person's policies (requirements.md 9.15); their own do not matter here.
    """
    answers = [answer(held, service, prices, today, for_close_one) for held in policies]
    return min(answers, key=_preference) if answers else cover_of_nobody(service, prices=prices)


def cover_of_nobody(service: Service, *, prices: PriceList, terms: Terms | None = None) -> Cover:
    """TM-27, TM-28: nobody was recognised as insured. `terms` are of the programme at whose door that was."""
    return _Derivation(service, prices, terms).step(Why.NOT_RECOGNISED).by_the_list()


def answer(held: Held, service: Service, prices: PriceList, today: date, for_close_one: bool) -> Cover:
    """What one policy says by itself."""
    so, consultations = _Derivation(service, prices, held.terms, held.policy), held.terms.consultations
    if not consultations or service not in consultations.covers:
        return so.step(Why.COVERS_NOT).by_the_list()
    so.step(Why.COVERS)
    if for_close_one:
        if not consultations.relatives_included:
            return so.step(Why.INSURED_ONLY).by_the_list()
        so.step(Why.COVERS_CLOSE_ONES)
    match standing(cover_starts_on=held.starts_on, cover_ends_on=held.ends_on, today=today):
        case Standing.NOT_ACTIVATED:
            return so.step(Why.NOT_ACTIVATED).by_the_list()
        case Standing.STARTS_LATER:
            so.step(Why.STARTS, day=held.starts_on)
            return so.not_before(held.starts_on, is_paid_meanwhile=consultations.paid_meanwhile)
        case Standing.IN_FORCE:
            so.step(Why.STARTS, day=held.starts_on)
            return (so.step(Why.ENDS, day=held.ends_on) if held.ends_on else so).covered()
        case Standing.ENDED:
            return so.step(Why.ENDED, day=held.ends_on).by_the_list(ended_on=held.ends_on)


class _Derivation:
    """The steps towards an answer, and the answers that end them."""

    def __init__(
        self, service: Service, prices: PriceList, terms: Terms | None, policy: int | None = None
    ) -> None:  # fmt: skip
        self.service, self.prices, self.terms, self.policy = service, prices, terms, policy
        self.steps: list[Step] = []

    def step(self, why: Why, *, day: date | None = None, price: Money | None = None) -> Self:
        clause = self.terms.clauses.get(RESTS_ON[why], {}) if self.terms else {}
        self.steps.append(Step(why, clause, self.service, day, price))
        return self

    def covered(self) -> Cover:
        """KIH-08, TM-03, TM-27: 0, as often as one likes."""
        return self.step(Why.FREE)._cover(CoverKind.COVERED, self.prices.free)

    def not_before(self, day: date | None, *, is_paid_meanwhile: bool) -> Cover:
        """KIH-06, KIH-07, NL-9.5."""
        price = self.prices.of(self.service) if is_paid_meanwhile else None
        self.step(Why.PAID_MEANWHILE if price else Why.CLOSED_MEANWHILE, price=price)
        return self._cover(CoverKind.NOT_BEFORE, price, covered_from=day, price_later=self.prices.free)

    def by_the_list(self, *, ended_on: date | None = None) -> Cover:
        """TM-28, TM-44, EX-17: what no cover pays for costs what the price list says, or cannot be had."""
        price = self.prices.of(self.service)
        self.step(Why.LISTED if price else Why.UNLISTED, price=price)
        kind = CoverKind.ENDED if ended_on else CoverKind.SELF_PAID if price else CoverKind.NO
        return self._cover(kind, price, ended_on=ended_on)

    def _cover(self, kind: CoverKind, price: Money | None, **facts: Any) -> Cover:
        support = self.terms.support if self.terms and kind != CoverKind.COVERED else None
        return Cover(kind, self.service, price, tuple(self.steps), self.policy, support=support, **facts)


def _preference(cover: Cover) -> tuple[int, int, int]:
    """The best kind; of two covers to come the earlier, of two that ended the later; then the older policy."""
    day = cover.covered_from.toordinal() if cover.covered_from else -cover.ended_on.toordinal() if cover.ended_on else 0
    return list(CoverKind).index(cover.kind), day, cover.policy or 0
