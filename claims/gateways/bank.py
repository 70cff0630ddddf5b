"""The bank that pays: a file of orders goes there, a file of answers comes back. People carry both (docs/notes/bank-file.md).

Another bank, or ISO 20022, is another `Bank`.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO, Protocol

from claims.rules.bank_answers import MOST_ROWS, Answers, named_in, read_answers
from claims.rules.bank_orders import Order
from policies.gateways.sheet_files import Bounds, open_sheet
from policies.gateways.sheets import Cell, as_csv
from policies.rules.registers import HEADER_WITHIN, MIB

HEADER = ("number", "date", "amount", "currency", "account", "recipient", "iin", "purpose")
# A title above and totals below: the rows themselves are counted by the rule, which says so in words of its own.
BOUNDS = Bounds(20 * MIB, MOST_ROWS + HEADER_WITHIN, 5 * MIB, MOST_ROWS + HEADER_WITHIN)


class Bank(Protocol):
    suffix: str  # of the file of orders
    content_type: str

    def orders(self, orders: Iterable[Order]) -> Iterator[bytes]:
        """The file, in portions."""

    def answers(self, file: IO[bytes], *, today: date) -> Answers:
        """Raise policies.rules.registers.Unreadable where it is no table at all."""


class CsvBank:
    suffix = "csv"
    content_type = "text/csv; charset=utf-8"

    def orders(self, orders: Iterable[Order]) -> Iterator[bytes]:
        return (line.encode() for line in as_csv([HEADER, *map(_cells, orders)]))

    def answers(self, file: IO[bytes], *, today: date) -> Answers:
        return read_answers(open_sheet(file, named=named_in, bounds=BOUNDS).lines, today=today)


def _cells(order: Order) -> list[Cell]:
    """Machines read it, so days and sums look alike in every language."""
    return [
        order.number, order.pay_on.isoformat(), f"{order.amount.amount:.2f}", order.amount.currency, order.account,
        order.recipient, order.iin, order.purpose,
    ]  # fmt: skip


def bank() -> Bank:
    return CsvBank()
