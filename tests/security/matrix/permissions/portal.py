"""The first page and the one that says whom to call."""

from tests.security.matrix.law import Row, everybody

ROWS: list[Row] = [
    everybody("home"),
    everybody("help"),
]
