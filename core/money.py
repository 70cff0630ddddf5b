"""Sums of money: Decimal with two places and a currency. A float never comes near them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from core.languages import chosen

CENT = Decimal("0.01")
LARGEST = Decimal("999999999999.99")  # Decimal(14,2) of the database
SYMBOLS = {"KZT": "₸", "RUB": "₽"}
HARD_SPACE = "\N{NO-BREAK SPACE}"
DECIMAL_MARK = {"kk": ",", "ru": ",", "en": "."}


class MoneyError(ValueError):
    """Not a sum: a float, more than two places, too large, or two currencies in one calculation."""


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str  # ISO 4217: "KZT", "RUB"

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise MoneyError(f"{self.amount!r} is not a Decimal")
        if abs(self.amount) > LARGEST or self.amount != self.amount.quantize(CENT):
            raise MoneyError(f"{self.amount} does not fit into Decimal(14,2)")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same_currency(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same_currency(other).amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same_currency(other).amount

    def __str__(self) -> str:
        return format_money(self)

    def _same_currency(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise MoneyError(f"{self.currency} and {other.currency} do not go together")
        return other


def round_half_up(amount: Decimal) -> Decimal:
    """To 0.01, a half away from zero. Once, at the end of a formula (requirements.md, section 6)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def split(total: Money, shares: Sequence[Decimal | int]) -> list[Money]:
    """Parts in proportion to `shares` (at least one, not negative, not all 0); the last takes what rounding leaves.

    Parts are rounded towards zero: half-up could promise the first ones more than the whole.
    """
    whole = sum(shares, Decimal(0))
    if not whole or min(shares) < 0:
        raise MoneyError("the shares must be positive")
    parts = [(total.amount * share / whole).quantize(CENT, ROUND_DOWN) for share in shares[:-1]]
    return [Money(part, total.currency) for part in (*parts, total.amount - sum(parts, Decimal(0)))]


def format_money(money: Money, language: str | None = None) -> str:
    """«1 234 567,50 ₸» with hard spaces; whole sums without the two zeros; a point in English."""
    whole, _point, cents = f"{money.amount:,.2f}".partition(".")
    grouped = whole.replace(",", HARD_SPACE)
    fraction = "" if cents == "00" else f"{DECIMAL_MARK[chosen(language)]}{cents}"
    return f"{grouped}{fraction}{HARD_SPACE}{SYMBOLS.get(money.currency, money.currency)}"
