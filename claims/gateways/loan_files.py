"""A loan's repayment schedule as a bank sends it: CSV or XLSX."""

from collections.abc import Sequence
from typing import IO

from claims.rules.loan_rows import Reading, heading_in, read_table
from policies.gateways.sheet_files import Bounds, at_most, open_sheet
from policies.rules.registers import MIB

MOST_ROWS = 5_000  # titles, empty rows and signatures stand around a schedule
BOUNDS = Bounds(5 * MIB, MOST_ROWS, 5 * MIB, MOST_ROWS)


def read_loan_file(file: IO[bytes], *, currency: str) -> Reading:
    """Raise policies.rules.registers.Unreadable where it is no table at all."""
    sheet = open_sheet(file, named=named_in, bounds=BOUNDS)
    return read_table(at_most(sheet.most_rows, sheet.lines), currency=currency)


def named_in(cells: Sequence[str]) -> int:
    """How many columns of a schedule these cells name."""
    return sum(heading_in(cell) is not None for cell in cells)
