from policies.models.access import Access, StaffMembership
from policies.models.documents import Document, DocumentRequest
from policies.models.insurers import Insurer, Product, ProductVersion
from policies.models.people import Organisation, Person
from policies.models.policies import Party, Policy, PolicyEvent
from policies.models.registers import Difference, Register, RegisterRow, RegisterStep

__all__ = [
    "Access",
    "Difference",
    "Document",
    "DocumentRequest",
    "Insurer",
    "Organisation",
    "Party",
    "Person",
    "Policy",
    "PolicyEvent",
    "Product",
    "ProductVersion",
    "Register",
    "RegisterRow",
    "RegisterStep",
    "StaffMembership",
]
