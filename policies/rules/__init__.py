"""The rules of policies. What every app asks for stands here; the registers' rules are named by their module."""

from policies.rules.policies import (
    ADULT_AT,
    AccessKind,
    AccessScope,
    ContactLine,
    ContractKind,
    CoverTerm,
    Credentials,
    Door,
    Role,
    StaffRole,
    Standing,
    Terms,
    is_adult,
    last_birth_date_of_an_adult,
    standing,
)

__all__ = [
    "ADULT_AT",
    "AccessKind",
    "AccessScope",
    "ContactLine",
    "ContractKind",
    "CoverTerm",
    "Credentials",
    "Door",
    "Role",
    "StaffRole",
    "Standing",
    "Terms",
    "is_adult",
    "last_birth_date_of_an_adult",
    "standing",
]
