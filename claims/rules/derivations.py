"""How an amount came about: figures, each from other figures by one rule with its clause.

A derivation is stored with the decision it led to and read years later in any language, so it holds codes and values and
no words (`wording` has those). What is stored names these codes: they may become more, and none is renamed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Generic, TypeVar

from core.errors import InputError
from core.money import Money

Value = Money | date | int | Decimal | Fraction
V = TypeVar("V", bound=Value)


class FactsDisagree(InputError):
    """What was entered contradicts itself or the rules, so no amount follows from it. `code` says which."""


class Figure(StrEnum):
    """What a value is. In the order in which a person would ask for them."""

    SUM_INSURED = "sum_insured"
    ILLNESS_PAID = "illness_paid"
    SUM_AT_EVENT = "sum_at_event"
    PAID_BEFORE = "paid_before"
    LEFT = "left"
    LETTER_ON = "letter_on"
    DEBT = "debt"
    NOT_PRINCIPAL = "not_principal"
    PRINCIPAL = "principal"
    DISABLED_SINCE = "disabled_since"
    DISABLED_UNTIL = "disabled_until"
    CONTRACT_UNTIL = "contract_until"
    EARLIER_UNTIL = "earlier_until"
    COUNTED_FROM = "counted_from"
    COUNTED_UNTIL = "counted_until"
    REPAYMENTS = "repayments"
    REPAYMENTS_SUM = "repayments_sum"
    PERIODIC = "periodic"
    INSTALMENTS_PAID = "instalments_paid"
    PAYOUT = "payout"
    SHARE = "share"
    PART = "part"
    AMOUNT_LATE = "amount_late"
    PAY_BY = "pay_by"
    PAID_ON = "paid_on"
    DAYS_LATE = "days_late"
    RATE_SINCE = "rate_since"
    RATE = "rate"
    DAYS_IN_YEAR = "days_in_year"
    PENALTY = "penalty"


Given = dict[Figure, Value]

# Whatever is not named here is a sum of money.
KINDS: dict[Figure, type[date] | type[int] | type[Decimal] | type[Fraction]] = {
    Figure.LETTER_ON: date, Figure.DISABLED_SINCE: date, Figure.DISABLED_UNTIL: date, Figure.CONTRACT_UNTIL: date,
    Figure.EARLIER_UNTIL: date, Figure.COUNTED_FROM: date, Figure.COUNTED_UNTIL: date, Figure.PAY_BY: date,
    Figure.PAID_ON: date, Figure.RATE_SINCE: date, Figure.REPAYMENTS: int, Figure.DAYS_LATE: int,
    Figure.DAYS_IN_YEAR: int, Figure.RATE: Decimal, Figure.SHARE: Fraction,
}  # fmt: skip


class Rule(StrEnum):
    """How a figure follows from others."""

    LESS_ILLNESS = "less_illness"
    LESS_PAID_BEFORE = "less_paid_before"
    PRINCIPAL_ONLY = "principal_only"
    FROM_ESTABLISHED = "from_established"
    AFTER_EARLIER = "after_earlier"
    UNTIL_EITHER_ENDS = "until_either_ends"
    UNTIL_CONTRACT_ENDS = "until_contract_ends"
    DUE_IN_TERM = "due_in_term"
    DEATH = "death"
    FIXED_TERM = "fixed_term"
    LUMP_SUM = "lump_sum"
    INDEFINITE = "indefinite"
    SHARE_OF_ONE = "share_of_one"
    LATE_BY = "late_by"
    IN_TIME = "in_time"
    LATE_PAYMENT = "late_payment"


# What each rule gives, and the clause of the insurance rules that says so.
GIVES: dict[Rule, tuple[Figure, str]] = {
    Rule.LESS_ILLNESS: (Figure.SUM_AT_EVENT, "7.12"),
    Rule.LESS_PAID_BEFORE: (Figure.LEFT, "7.2"),
    Rule.PRINCIPAL_ONLY: (Figure.PRINCIPAL, "7.2"),
    Rule.FROM_ESTABLISHED: (Figure.COUNTED_FROM, "7.4"),
    Rule.AFTER_EARLIER: (Figure.COUNTED_FROM, "7.7"),
    Rule.UNTIL_EITHER_ENDS: (Figure.COUNTED_UNTIL, "7.4"),
    Rule.UNTIL_CONTRACT_ENDS: (Figure.COUNTED_UNTIL, "7.6"),
    Rule.DUE_IN_TERM: (Figure.REPAYMENTS_SUM, "7.4"),
    Rule.DEATH: (Figure.PAYOUT, "7.3"),
    Rule.FIXED_TERM: (Figure.PERIODIC, "7.4"),
    Rule.LUMP_SUM: (Figure.PAYOUT, "7.5"),
    Rule.INDEFINITE: (Figure.PAYOUT, "7.6"),
    Rule.SHARE_OF_ONE: (Figure.PART, "7.9"),
    Rule.LATE_BY: (Figure.DAYS_LATE, "11.2(4)"),
    Rule.IN_TIME: (Figure.PENALTY, "11.2(4)"),
    Rule.LATE_PAYMENT: (Figure.PENALTY, "11.2(4)"),
}


@dataclass(frozen=True)
class Step(Generic[V]):
    """`value`, by `rule`, from what was `given`."""

    rule: Rule
    given: Given
    value: V

    @property
    def gives(self) -> Figure:
        return GIVES[self.rule][0]

    @property
    def clause(self) -> str:
        return GIVES[self.rule][1]


@dataclass(frozen=True)
class Instalment:
    """One of periodic payouts: `amount` of the `principal` that the loan's schedule has on that day."""

    due_on: date
    principal: Money
    amount: Money


@dataclass(frozen=True)
class Derivation:
    """An amount with its steps, the last of which gives it. Without `instalments` it is paid at once."""

    steps: tuple[Step[Any], ...]
    instalments: tuple[Instalment, ...] = ()

    @property
    def amount(self) -> Money:
        return self.steps[-1].value

    @property
    def data(self) -> dict[str, Any]:
        """For JSON; the same derivation gives the same text."""
        return {
            "currency": self.amount.currency,
            "steps": [_step_data(step) for step in self.steps],
            "instalments": [
                [one.due_on.isoformat(), _text(one.principal), _text(one.amount)] for one in self.instalments
            ],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Derivation":
        """Of what `data` gave."""
        currency = data["currency"]
        return cls(
            steps=tuple(_step(step, currency) for step in data["steps"]),
            instalments=tuple(
                Instalment(
                    date.fromisoformat(due_on), Money(Decimal(principal), currency), Money(Decimal(amount), currency)
                )
                for due_on, principal, amount in data["instalments"]
            ),
        )


def _step_data(step: Step[Any]) -> dict[str, Any]:
    given = {figure.value: _text(value) for figure, value in step.given.items()}
    return {"rule": step.rule.value, "given": given, "value": _text(step.value)}


def _text(value: Value) -> str:
    match value:
        case Money():
            return f"{value.amount:.2f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _step(data: Mapping[str, Any], currency: str) -> Step[Any]:
    rule = Rule(data["rule"])
    given = {Figure(name): _value(Figure(name), text, currency) for name, text in data["given"].items()}
    return Step(rule, given, _value(GIVES[rule][0], data["value"], currency))


def _value(figure: Figure, text: str, currency: str) -> Value:
    kind = KINDS.get(figure)
    if kind is None:
        return Money(Decimal(text), currency)
    return date.fromisoformat(text) if issubclass(kind, date) else kind(text)
