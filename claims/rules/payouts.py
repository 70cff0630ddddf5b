"""What is paid for an event, by chapter 7 of the rules. Facts in, a derivation out: the same for a decision and for «what if».

Whatever is paid is capped by what is left of the sum insured (7.2), so under any history the payouts of a contract stay
within it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from claims.rules.derivations import Derivation, FactsDisagree, Figure, Given, Instalment, Rule, Step
from claims.rules.loan import BankLetter, Repayment, Schedule
from core.calendar import ONE_DAY
from core.money import Money


@dataclass(frozen=True)
class Limit:
    """What bounds the payouts of one contract. Raise FactsDisagree."""

    sum_insured: Money  # 7.1: as the contract shows it
    illness_paid: Money  # 7.12: for consultations before the day of the event (decisions.md, Telemedicine)
    paid_before: Money  # by earlier decisions under the contract: paid, and instalments still to come

    def __post_init__(self) -> None:
        if min(self.sum_insured, self.illness_paid, self.paid_before).amount < 0:
            raise FactsDisagree("negative", _("None of these sums can be below 0."))

    @property
    def left(self) -> Money:
        """Of the sum insured at the event, for one payout more (7.2)."""
        return _left(self)[1].value


@dataclass(frozen=True)
class Disability:
    """As the authorised body's certificate says (10.2(3)). Raise FactsDisagree."""

    since: date
    until: date | None  # its last day; None: indefinite
    earlier_until: date | None = None  # of a re-certification (7.7): the last day that the earlier decision pays for

    def __post_init__(self) -> None:
        if self.until and self.until < self.since:
            raise FactsDisagree(
                "term", _("The disability ends before it begins. Compare both days with the certificate.")
            )


def death(*, died_on: date, letter: BankLetter, limit: Limit) -> Derivation:
    """7.3: what was owed in fact on the day of death, as far as the sum insured goes. Raise FactsDisagree."""
    at_event, left = _left(limit)
    principal = _principal(letter, died_on)
    return Derivation((at_event, left, principal, _smallest(Rule.DEATH, principal, left)))


def fixed_term(*, disability: Disability, contract_until: date, schedule: Schedule, limit: Limit) -> Derivation:
    """7.4: the schedule's principal as it falls due while disability and contract last; 7.7: likewise in a further term.

    Where the insured recovered (7.11), `until` is the day on which the disability ceased. Raise FactsDisagree.
    """
    if disability.until is None:
        raise FactsDisagree("indefinite", _("An indefinite disability is paid at once and not by instalments."))
    at_event, left = _left(limit)
    first = _first_day(disability)
    last = Step(
        Rule.UNTIL_EITHER_ENDS,
        {Figure.DISABLED_UNTIL: disability.until, Figure.CONTRACT_UNTIL: contract_until},
        min(disability.until, contract_until),
    )
    due = _due(schedule, first, last)
    steps = (at_event, left, first, last, due, _smallest(Rule.FIXED_TERM, due, left))
    return Derivation(steps, tuple(_instalments(schedule.due_within(first.value, last.value), left.value)))


def indefinite(
    *, disability: Disability, letter: BankLetter, contract_until: date, schedule: Schedule, limit: Limit
) -> Derivation:
    """7.6: at once what 7.4 gives until the contract ends, but no more than was owed in fact on the day the disability
    was established as indefinite. Raise FactsDisagree."""
    if disability.until is not None:
        raise FactsDisagree("fixed_term", _("A disability for a fixed term is paid by instalments, or by a lump sum."))
    at_event, left = _left(limit)
    principal = _principal(letter, disability.since)
    first = _first_day(disability)
    last = Step(Rule.UNTIL_CONTRACT_ENDS, {Figure.CONTRACT_UNTIL: contract_until}, contract_until)
    due = _due(schedule, first, last)
    payout = _smallest(Rule.INDEFINITE, due, principal, left)
    return Derivation((at_event, left, principal, first, last, due, payout))


def lump_sum(periodic: Derivation, *, paid: Money) -> Derivation:
    """7.5: at any time, at once and for the whole established term, what `fixed_term` gave, less the instalments `paid`.

    Raise FactsDisagree.
    """
    if periodic.amount < paid:
        raise FactsDisagree("paid", _("More instalments are paid than the term has."))
    given: Given = {Figure.PERIODIC: periodic.amount, Figure.INSTALMENTS_PAID: paid}
    return Derivation((*periodic.steps, Step(Rule.LUMP_SUM, given, periodic.amount - paid)))


def _left(limit: Limit) -> tuple[Step[Money], Step[Money]]:
    """The sum insured at the event, and what is left of it: used up, it leaves nothing, and no debt."""
    nothing = Money(Decimal(0), limit.sum_insured.currency)
    at_event = Step(
        Rule.LESS_ILLNESS,
        {Figure.SUM_INSURED: limit.sum_insured, Figure.ILLNESS_PAID: limit.illness_paid},
        max(limit.sum_insured - limit.illness_paid, nothing),
    )
    given: Given = {at_event.gives: at_event.value, Figure.PAID_BEFORE: limit.paid_before}
    return at_event, Step(Rule.LESS_PAID_BEFORE, given, max(at_event.value - limit.paid_before, nothing))


def _principal(letter: BankLetter, day: date) -> Step[Money]:
    if letter.as_of != day:
        raise FactsDisagree("letter_day", _("The bank’s letter is about another day than that of the event."))
    given: Given = {Figure.LETTER_ON: day, Figure.DEBT: letter.debt, Figure.NOT_PRINCIPAL: letter.not_principal}
    return Step(Rule.PRINCIPAL_ONLY, given, letter.principal)


def _first_day(disability: Disability) -> Step[date]:
    """A repayment that an earlier decision pays for is not paid a second time."""
    given: Given = {Figure.DISABLED_SINCE: disability.since}
    if disability.earlier_until is None:
        return Step(Rule.FROM_ESTABLISHED, given, disability.since)
    given |= {Figure.EARLIER_UNTIL: disability.earlier_until}
    return Step(Rule.AFTER_EARLIER, given, max(disability.since, disability.earlier_until + ONE_DAY))


def _due(schedule: Schedule, first: Step[date], last: Step[date]) -> Step[Money]:
    repayments = schedule.due_within(first.value, last.value)
    given: Given = {first.gives: first.value, last.gives: last.value, Figure.REPAYMENTS: len(repayments)}
    return Step(Rule.DUE_IN_TERM, given, schedule.sum_of(repayments))


def _smallest(rule: Rule, *sums: Step[Money]) -> Step[Money]:
    return Step(rule, {one.gives: one.value for one in sums}, min(one.value for one in sums))


def _instalments(due: tuple[Repayment, ...], left: Money) -> Iterator[Instalment]:
    """In the order of the schedule until nothing is left; the last one may be a part (requirements.md, section 7)."""
    for one in due:
        amount = min(one.principal, left)
        left -= amount
        if amount.amount:
            yield Instalment(one.due_on, one.principal, amount)
