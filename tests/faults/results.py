"""What an activation left behind, read past the product."""

from dataclasses import dataclass

from tests.faults.house import House
from tests.faults.visitor import Visitor
from tests.waiting import PATIENCE, wait_until

QUERY = """
WITH policy AS (SELECT id FROM policies_policy WHERE insured_key = %(id)s),
     insured AS (SELECT person_id FROM policies_party WHERE policy_id IN (TABLE policy) AND role = 'insured')
SELECT
    ARRAY(SELECT state::text FROM activation_activation WHERE policy_id IN (TABLE policy) ORDER BY id),
    ARRAY(SELECT kind::text FROM activation_step WHERE insured_key = %(id)s AND activation_id IS NOT NULL ORDER BY id),
    (SELECT count(*) FROM accounts_user WHERE email = %(email)s),
    (SELECT count(*) FROM account_emailaddress WHERE email = %(email)s),
    (SELECT count(*) FROM policies_access WHERE person_id IN (TABLE insured)),
    ARRAY(SELECT kind::text FROM notices_notice WHERE "to" = %(email)s ORDER BY id)
"""


@dataclass(frozen=True)
class Left:
    activations: list[str]
    steps: list[str]
    accounts: int
    addresses: int
    accesses: int
    letters: list[str]


def left_by(visitor: Visitor) -> Left:
    (row,) = visitor.house.rows(QUERY, {"id": visitor.id, "email": visitor.email})
    return Left(*row)


NOTHING = Left([], [], 0, 0, 0, [])
BEGUN = Left(["pending"], ["begun"], 1, 1, 0, ["confirm_address"])
CONFIRMED = Left(["confirmed"], ["begun", "confirm"], 1, 1, 0, ["confirm_address"])
FINISHED = Left(["finished"], ["begun", "confirm", "finish"], 1, 1, 1, ["confirm_address", "policy_activated"])


def is_quiet(house: House) -> bool:
    """Every letter has left."""
    return not house.rows("SELECT 1 FROM notices_notice WHERE state NOT IN ('sent', 'parked') AND next_try_at <= now()")


def wait_for_quiet(house: House, *, seconds: float = PATIENCE) -> None:
    wait_until(lambda: is_quiet(house), "every letter has left", seconds, instead=house.state_of_letters)
