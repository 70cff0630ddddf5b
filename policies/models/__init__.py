from policies.models.access import Access, StaffMembership
from policies.models.consents import ConsentAct, ConsentText
from policies.models.consultations import GivenBack, RenderedConsultation
from policies.models.documents import Document, DocumentRequest
from policies.models.insurers import Insurer, Product, ProductVersion
from policies.models.invitations import Invitation
from policies.models.people import Organisation, Person
from policies.models.policies import Party, Policy, PolicyEvent
from policies.models.registers import Difference, Register, RegisterRow, RegisterStep

__all__ = [
    "Access",
    "ConsentAct",
    "ConsentText",
    "Difference",
    "Document",
    "DocumentRequest",
    "GivenBack",
    "Insurer",
    "Invitation",
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
    "RenderedConsultation",
    "StaffMembership",
]
