"""Several beneficiaries (7.9): who has which share of a payout, and what each is paid.

A share is a fraction, because a certificate of inheritance says «1/3», and three times 33.33 % would not be the whole.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from django.utils.translation import gettext as _

from claims.rules.derivations import Figure, Rule, Step
from core.errors import InputError
from core.money import Money, split

PART = re.compile(r"([0-9]{1,6})\s?[/⁄]\s?([0-9]{1,6})")
PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s?%?")
WHOLE = Fraction(1)


class ShareNotAccepted(InputError):
    """`code` is "form" (neither 1/3 nor 50 %), "size" (nothing, or more than the whole) or "sum" (not the whole)."""


def read_share(text: str) -> Fraction:
    """«1/3», «50», «33,33 %». Raise ShareNotAccepted."""
    text = " ".join(text.split())
    if part := PART.fullmatch(text):
        if not int(part[2]):
            raise _not_a_share()
        share = Fraction(int(part[1]), int(part[2]))
    elif percent := PERCENT.fullmatch(text):
        share = Fraction(f"{percent[1]}.{percent[2] or 0}") / 100
    else:
        raise _not_a_share()
    if not 0 < share <= WHOLE:
        raise ShareNotAccepted("size", _("A share is more than nothing and at most the whole."))
    return share


def _not_a_share() -> ShareNotAccepted:
    return ShareNotAccepted("form", _("Enter the share as the document has it, for example 1/3"))


def check_shares(shares: Sequence[Fraction]) -> None:
    """Raise ShareNotAccepted where together they are not the whole."""
    if sum(shares, Fraction(0)) != WHOLE:
        raise ShareNotAccepted("sum", _("The shares together are not the whole. Enter a third as 1/3."))


def divide(payout: Money, shares: Sequence[Fraction]) -> list[Step[Money]]:
    """What each is paid, to the tiyn; the last receives what rounding leaves. Of instalments each is divided by itself.

    Raise ShareNotAccepted.
    """
    check_shares(shares)
    denominator = lcm(*(share.denominator for share in shares))
    parts = split(payout, [int(share * denominator) for share in shares])
    return [
        Step(Rule.SHARE_OF_ONE, {Figure.PAYOUT: payout, Figure.SHARE: share}, part)
        for share, part in zip(shares, parts, strict=True)
    ]
