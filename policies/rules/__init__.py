"""The rules of policies. What every app asks for stands here; the registers' rules are named by their module."""

from policies.rules.consents import BEFORE_CONSULTING, ConsentCode
from policies.rules.consultations import Consultations, PriceList, Rendering, Service, SpecialistTime
from policies.rules.cover import Cover, CoverKind
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
    comes_of_age_on,
    is_adult,
    is_outgrown,
    last_birth_date_of_an_adult,
    standing,
)

__all__ = [
    "ADULT_AT",
    "BEFORE_CONSULTING",
    "AccessKind",
    "AccessScope",
    "ConsentCode",
    "Consultations",
    "ContactLine",
    "ContractKind",
    "Cover",
    "CoverKind",
    "CoverTerm",
    "Credentials",
    "Door",
    "PriceList",
    "Rendering",
    "Role",
    "Service",
    "SpecialistTime",
    "StaffRole",
    "Standing",
    "Terms",
    "comes_of_age_on",
    "is_adult",
    "is_outgrown",
    "last_birth_date_of_an_adult",
    "standing",
]
