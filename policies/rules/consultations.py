"""Doctors' consultations as a product sells them: what it covers, for whom, and what a rendered one takes from the sum
insured. Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.money import Money, MoneyError


class Service(TextChoices):
    """What somebody asks to be covered for (TM-05…08), in the order in which people read of it."""

    DUTY_GP = "duty_gp", _("duty GP")
    DUTY_PAEDIATRICIAN = "duty_paediatrician", _("duty paediatrician")
    PLANNED_GP = "planned_gp", _("GP or paediatrician by appointment")
    SPECIALIST = "specialist", _("specialist")
    SECOND_OPINION = "second_opinion", _("second opinion")


class SpecialistTime(TextChoices):
    """Who sets the hour of a specialist."""

    PATIENT = "patient", _("chosen by the patient")  # TM-36
    DUTY_DOCTOR = "duty_doctor", _("set by the duty doctor")  # KIH-17


class Rendering(TextChoices):
    """How a consultation came to count as rendered."""

    HELD = "held", _("held")
    NO_SHOW = "no_show", _("counted, as the patient could not be reached")  # TM-39
    CANCELLED_LATE = "cancelled_late", _("cancelled too late")  # TM-41


Tariff = Mapping[Rendering, Decimal]  # in the insurer's currency


@dataclass(frozen=True)
class Consultations:
    """The part of a product's terms that telemedicine asks about."""

    covers: frozenset[Service]  # 0 while the cover is in force; TM-44: whatever is not named is paid for
    paid_meanwhile: bool  # KIH-07: before the cover starts doctors consult for the price of the list
    relatives_included: bool  # KIH-20: also for somebody close to the insured person
    specialist_time: SpecialistTime
    illness_payment: Tariff | None  # NL-7.12: what a rendered one takes from the sum insured; None: nothing is counted

    @classmethod
    def from_data(cls, content: Mapping[str, Any]) -> "Consultations":
        """Raise KeyError or ValueError where a product file lacks a setting, misspells it or contradicts itself."""
        if unknown := set(content) - {field.name for field in fields(cls)}:
            raise ValueError(f"no such setting of consultations: {', '.join(sorted(unknown))}")
        covers = [Service(code) for code in content["covers"]]
        if not covers or len(set(covers)) < len(covers):
            raise ValueError("consultations cover at least one service, and each once")
        return cls(
            covers=frozenset(covers),
            paid_meanwhile=_flag("paid_meanwhile", content),
            relatives_included=_flag("relatives_included", content),
            specialist_time=SpecialistTime(content["specialist_time"]),
            illness_payment=_tariff(content["illness_payment"]) if "illness_payment" in content else None,
        )


def _flag(name: str, content: Mapping[str, Any]) -> bool:
    if not isinstance(content[name], bool):
        raise ValueError(f"{name} is true or false, not {content[name]!r}")
    return bool(content[name])


def _tariff(content: Mapping[str, Any]) -> Tariff:
    """A sum for each way of being rendered: what counts as rendered is never left open."""
    tariff = {Rendering(how): sum_of(text) for how, text in content.items()}
    if missing := set(Rendering) - set(tariff):
        raise ValueError(f"the illness payment names no sum for {', '.join(sorted(missing))}")
    if tariff[Rendering.HELD] == 0 or tariff[Rendering.HELD] < max(tariff.values()):
        raise ValueError("the illness payment of a consultation that was held is above 0, and no other is higher")
    return tariff


@dataclass(frozen=True)
class PriceList:
    """For natural persons (TM-28): the one in force, whatever was sold when, so it is the insurer's and not a product's."""

    prices: Mapping[Service, Decimal]
    currency: str

    @classmethod
    def from_data(cls, content: Mapping[str, Any], currency: str) -> "PriceList":
        """Raise ValueError for an unknown service or for what is no price."""
        prices = {Service(code): sum_of(text) for code, text in content.items()}
        if free := [code for code, price in prices.items() if price == 0]:
            raise ValueError(f"a price of 0 would read like a cover: {', '.join(sorted(free))}")
        return cls(prices, currency)

    def of(self, service: Service) -> Money | None:
        price = self.prices.get(service)
        return Money(price, self.currency) if price is not None else None

    @property
    def free(self) -> Money:
        return Money(Decimal(0), self.currency)


def sum_of(text: Any) -> Decimal:
    """Written as text, so that no float comes near money. ValueError for what is no sum, and for one below 0."""
    try:
        amount = Decimal(text if isinstance(text, str) else "not a text")
        Money(amount, currency="")
    except (InvalidOperation, MoneyError) as error:
        raise ValueError(f"no sum of money: {text!r}") from error
    if amount < 0:
        raise ValueError(f"a sum below 0: {text}")
    return amount


def taken(tariff: Decimal, left: Decimal | None) -> Decimal:
    """NL-7.2, NL-7.12: what a rendered consultation takes, never more than is left. `left` is None where no sum is on file."""
    return tariff if left is None else min(tariff, left)
