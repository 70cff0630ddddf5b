"""Whom a coordinator serves, and who answers the telephone."""

from typing import Any

from policies.queries.staff import staffed_by
from policies.rules import StaffRole

COORDINATING = (StaffRole.COORDINATOR,)
ANSWERING = (StaffRole.OPERATOR, StaffRole.COORDINATOR)  # «contacts on the site» are the call centre's


def coordinated_by(user: Any) -> set[int]:
    return staffed_by(user, COORDINATING)
