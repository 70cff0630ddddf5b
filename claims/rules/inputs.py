"""What a payout is derived from, gathered from the rows of a claim or supposed by whoever asks «what if»; and which rule of
chapter 7 applies to it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.derivations import Derivation
from claims.rules.events import InsuredEvent
from claims.rules.loan import BankLetter, Schedule
from claims.rules.payouts import Disability, Limit, death, fixed_term, indefinite


class Missing(TextChoices):
    """Without which no amount follows."""

    CONTRACT = "contract", _("the contract with its sum insured: match the claim to its policy")
    LETTER = "letter", _("the bank’s letter on the principal owed on the day of the event")
    CERTIFICATE = "certificate", _("the facts of the certificate: since when, until when")
    SCHEDULE = "schedule", _("the loan’s repayment schedule")
    CONTRACT_END = "contract_end", _("the last day of the contract")


@dataclass(frozen=True)
class Inputs:
    """None: not known yet."""

    event: InsuredEvent
    event_on: date
    limit: Limit | None = None
    letter: BankLetter | None = None
    disability: Disability | None = None
    contract_until: date | None = None
    schedule: Schedule | None = None


class NotEnough(Exception):
    """`missing` names what has to be entered first."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def missing(inputs: Inputs) -> tuple[Missing, ...]:
    """In the order in which a reviewer would look for it."""
    absent = {
        Missing.CONTRACT: inputs.limit is None,
        Missing.LETTER: inputs.letter is None and _needs_letter(inputs),
        Missing.CERTIFICATE: inputs.disability is None and inputs.event == InsuredEvent.DISABILITY,
        Missing.SCHEDULE: inputs.schedule is None and inputs.event == InsuredEvent.DISABILITY,
        Missing.CONTRACT_END: inputs.contract_until is None and inputs.event == InsuredEvent.DISABILITY,
    }
    return tuple(what for what, is_so in absent.items() if is_so)


def derive(inputs: Inputs) -> Derivation:
    """By 7.3, 7.4 with 7.7, or 7.6. Raise NotEnough, and FactsDisagree."""
    match inputs:
        case Inputs(event=InsuredEvent.DEATH, limit=Limit() as limit, letter=BankLetter() as letter):
            return death(died_on=inputs.event_on, letter=letter, limit=limit)
        case Inputs(
            event=InsuredEvent.DISABILITY, limit=Limit() as limit, disability=Disability() as disability,
            contract_until=date() as until, schedule=Schedule() as schedule,
        ):  # fmt: skip
            if disability.until:
                return fixed_term(disability=disability, contract_until=until, schedule=schedule, limit=limit)
            if inputs.letter:
                return indefinite(
                    disability=disability, letter=inputs.letter, contract_until=until, schedule=schedule, limit=limit
                )
    raise NotEnough(missing(inputs))


def _needs_letter(inputs: Inputs) -> bool:
    """7.3 and 7.6 ask what was owed in fact, 7.4 the schedule alone."""
    if inputs.event == InsuredEvent.DEATH:
        return True
    return inputs.disability is not None and inputs.disability.until is None
