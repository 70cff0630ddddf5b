"""The first page, the one that says whom to call, and what machines ask."""

from tests.security.matrix.actors import DOCTORS, EVERYBODY, Actor
from tests.security.matrix.law import Row, everybody

# To the desk, to the room of coordinators, of reviewers, of payers.
LED_ON = DOCTORS | {Actor.COORDINATOR, Actor.REVIEWER, Actor.APPROVER, Actor.CASHIER, Actor.ELSEWHERE, Actor.NEWCOMER}

ROWS: list[Row] = [
    Row("home", EVERYBODY, EVERYBODY - LED_ON, else_=302),
    everybody("help"),
    everybody("sitemap"),
    everybody("robots"),
    everybody("healthz"),
    everybody("readyz"),
    everybody("metrics", get=404),  # opens to who names the token
]
