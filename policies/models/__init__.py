from policies.models.access import Access, StaffMembership
from policies.models.insurers import Insurer, Product, ProductVersion
from policies.models.people import Organisation, Person
from policies.models.policies import Party, Policy, PolicyEvent

__all__ = [
    "Access",
    "Insurer",
    "Organisation",
    "Party",
    "Person",
    "Policy",
    "PolicyEvent",
    "Product",
    "ProductVersion",
    "StaffMembership",
]
