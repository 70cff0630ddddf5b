"""What letters about payments say, in the case's language."""

from collections.abc import Iterable
from typing import Any

from django.utils import translation

from claims.models import Instalment, Penalty
from claims.rules.wording import explained
from core.dates import long_date
from core.money import format_money


def in_letter(instalments: Iterable[Instalment]) -> list[list[str]]:
    """To whom, how much, on which day; the account by its last four signs."""
    return [
        [
            one.payee.name, one.payee.iban[-4:], format_money(one.money, one.claim.language),
            _day(one),
        ]
        for one in instalments
    ]  # fmt: skip


def _day(instalment: Instalment) -> str:
    with translation.override(instalment.claim.language):
        return long_date(instalment.paid_on) if instalment.paid_on else ""


def facts_of_penalty(penalty: Penalty) -> dict[str, Any]:
    with translation.override(penalty.claim.language):
        return {
            "amount": format_money(penalty.money),
            "steps": [[one.name, one.value, one.formula, one.clause] for one in explained(penalty.explanation)],
        }
