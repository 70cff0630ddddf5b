"""A derivation in the reader's words. Page, letter and PDF ask here, so they say the same.

Each name is a noun phrase and begins small; a page makes the first letter a capital.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.rules.derivations import Derivation, Figure, Rule, Step, Value
from core.dates import long_date
from core.languages import chosen
from core.money import DECIMAL_MARK, HARD_SPACE, Money, format_money

NAMES: dict[Figure, Promise] = {
    Figure.SUM_INSURED: gettext_lazy("sum insured by the contract"),
    Figure.ILLNESS_PAID: gettext_lazy("paid for doctors’ consultations before the event"),
    Figure.SUM_AT_EVENT: gettext_lazy("sum insured on the day of the event"),
    Figure.PAID_BEFORE: gettext_lazy("paid or promised under this contract before"),
    Figure.LEFT: gettext_lazy("what is left of the sum insured"),
    Figure.LETTER_ON: gettext_lazy("day that the bank’s letter is about"),
    Figure.DEBT: gettext_lazy("debt to the bank on that day"),
    Figure.NOT_PRINCIPAL: gettext_lazy("interest, penalties and fines in it"),
    Figure.PRINCIPAL: gettext_lazy("outstanding principal"),
    Figure.DISABLED_SINCE: gettext_lazy("disability established on"),
    Figure.DISABLED_UNTIL: gettext_lazy("last day of the disability"),
    Figure.CONTRACT_UNTIL: gettext_lazy("last day of the contract"),
    Figure.EARLIER_UNTIL: gettext_lazy("last day that the earlier decision pays for"),
    Figure.COUNTED_FROM: gettext_lazy("first day that counts"),
    Figure.COUNTED_UNTIL: gettext_lazy("last day that counts"),
    Figure.REPAYMENTS: gettext_lazy("repayments of the loan in these days"),
    Figure.REPAYMENTS_SUM: gettext_lazy("principal in these repayments, together"),
    Figure.PERIODIC: gettext_lazy("payouts by instalments, together"),
    Figure.INSTALMENTS_PAID: gettext_lazy("instalments paid already"),
    Figure.PAYOUT: gettext_lazy("payout"),
    Figure.SHARE: gettext_lazy("share of the beneficiary"),
    Figure.PART: gettext_lazy("what the beneficiary receives"),
    Figure.AMOUNT_LATE: gettext_lazy("payout that is late"),
    Figure.PAY_BY: gettext_lazy("last day for paying"),
    Figure.PAID_ON: gettext_lazy("day of payment"),
    Figure.DAYS_LATE: gettext_lazy("days late"),
    Figure.RATE_SINCE: gettext_lazy("rate in force since"),
    Figure.RATE: gettext_lazy("rate of the National Bank, a year"),
    Figure.DAYS_IN_YEAR: gettext_lazy("days counted in a year"),
    Figure.PENALTY: gettext_lazy("penalty for the delay"),
}
FORMULAS: dict[Rule, Promise] = {
    Rule.LESS_ILLNESS: gettext_lazy(
        "Consultations of doctors are paid from the sum insured. Those before the day of the event are taken off."
    ),
    Rule.LESS_PAID_BEFORE: gettext_lazy("All payouts of a contract together stay within the sum insured."),
    Rule.PRINCIPAL_ONLY: gettext_lazy("Only the loan itself counts: the debt less interest, penalties and fines."),
    Rule.FROM_ESTABLISHED: gettext_lazy("It counts from the day on which the disability was established."),
    Rule.AFTER_EARLIER: gettext_lazy(
        "It counts from the day on which the disability was established anew, after what the earlier decision pays for."
    ),
    Rule.UNTIL_EITHER_ENDS: gettext_lazy("The disability or the contract: whichever ends first."),
    Rule.UNTIL_CONTRACT_ENDS: gettext_lazy("The disability has no end, so it counts as long as the contract."),
    Rule.DUE_IN_TERM: gettext_lazy(
        "All repayments of principal that the loan’s schedule has from the first to the last day, both days included."
    ),
    Rule.DEATH: gettext_lazy("The smaller one: what was owed, or what is left of the sum insured."),
    Rule.FIXED_TERM: gettext_lazy(
        "The smaller one: the repayments, or what is left of the sum insured. It is paid on the days of the schedule."
    ),
    Rule.LUMP_SUM: gettext_lazy("All instalments at once, less those paid already."),
    Rule.INDEFINITE: gettext_lazy(
        "The smallest one: the repayments until the contract ends, what was owed, or what is left of the sum insured."
    ),
    Rule.SHARE_OF_ONE: gettext_lazy("The payout times the share; the last one receives what rounding leaves."),
    Rule.LATE_BY: gettext_lazy("Each day after the last day for paying, the day of payment included."),
    Rule.IN_TIME: gettext_lazy("Paid in time: there is no penalty."),
    Rule.LATE_PAYMENT: gettext_lazy(
        "The payout times the rate on the day of payment, times the days late, divided by the days of a year."
    ),
}


@dataclass(frozen=True)
class Explained:
    """One step as it is read. `given` are names with their values."""

    name: str
    value: str
    formula: str
    given: tuple[tuple[str, str], ...]
    clause: str


def explained(derivation: Derivation) -> Iterator[Explained]:
    return (_explained(step) for step in derivation.steps)


def _explained(step: Step[Any]) -> Explained:
    return Explained(
        name=str(NAMES[step.gives]),
        value=_in_words(step.value),
        formula=str(FORMULAS[step.rule]),
        given=tuple((str(NAMES[figure]), _in_words(value)) for figure, value in step.given.items()),
        clause=clause_in_words(step.clause),
    )


def clause_in_words(clause: str) -> str:
    """«Правила страхования, п. 7.4»; of "11.2(4)" «…, подп. 4 п. 11.2»."""
    point, _bracket, part = clause.rstrip(")").partition("(")
    if part:
        return _("Insurance rules, %(point)s(%(part)s)") % {"point": point, "part": part}
    return _("Insurance rules, %(point)s") % {"point": point}


def _in_words(value: Value) -> str:
    match value:
        case Money():
            return format_money(value)
        case date():
            return long_date(value)
        case Decimal():
            return _percent(value)
        case Fraction():
            return share_in_words(value)
        case _:
            return str(value)


def share_in_words(share: Fraction) -> str:
    """«50 %», «33,33 %»; «1/3» where a percentage would round."""
    hundredths = share * 10_000
    return _percent(Decimal(int(hundredths)) / 100) if hundredths.denominator == 1 else str(share)


def _percent(value: Decimal) -> str:
    """«14,25 %»."""
    return f"{value.normalize():f}".replace(".", DECIMAL_MARK[chosen()]) + f"{HARD_SPACE}%"
