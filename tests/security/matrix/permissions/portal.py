"""The first page, the one that says whom to call, and what machines ask."""

from tests.security.matrix.law import Row, everybody

ROWS: list[Row] = [
    everybody("home"),
    everybody("help"),
    everybody("healthz"),
    everybody("readyz"),
    everybody("metrics", get=404),  # opens to who names the token
]
