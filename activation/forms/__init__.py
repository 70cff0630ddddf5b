"""What a door asks (facts), the account behind it (step2), what somebody declares before adding policies (declared), what
colleagues fill in (desk, mailings)."""

from activation.forms.declared import DeclarationForm, RegistrationForm
from activation.forms.desk import ReasonForm, SheetForm
from activation.forms.facts import FORMS, ChildForm, DoorForms, IdAndBirthDateForm, NumberForm, ProofForm, as_typed
from activation.forms.step2 import STEP_2, AddressForm, FirstPasswordForm, KindForm

__all__ = [
    "FORMS",
    "STEP_2",
    "AddressForm",
    "ChildForm",
    "DeclarationForm",
    "DoorForms",
    "FirstPasswordForm",
    "IdAndBirthDateForm",
    "KindForm",
    "NumberForm",
    "ProofForm",
    "ReasonForm",
    "RegistrationForm",
    "SheetForm",
    "as_typed",
]
