"""What the doors ask: shape and cleaning of facts (activation.rules.facts). One table says which forms a door has."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activation.rules import (
    Declared,
    Facts,
    IdAndBirthDate,
    MobileNameAndBirthDate,
    NumberAndDeclared,
    NumberIinAndName,
    PolicyCode,
)
from core.fields import DateBoxesField, KeyField
from core.identity import IdentityNumberError, parse_iin
from policies.rules import Door


class FactsForm(forms.Form):
    """What a door asks. `phone`: the number that this browser has proved, for the door that begins with one."""

    def __init__(self, *args: Any, phone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phone = phone


class BirthDateForm(FactsForm):
    birth_date = DateBoxesField(label=_("Birth date"), help_text=_("As in your identity card, for example 14 03 1961"))

    def clean_birth_date(self) -> date:
        """A slip in the year costs no try. Tomorrow is let pass: where the sun rises first it is today."""
        birth_date: date = self.cleaned_data["birth_date"]
        if birth_date > timezone.localdate() + timedelta(days=1):
            raise ValidationError(_("This day has not come yet: check the year"))
        return birth_date


class IdAndBirthDateForm(BirthDateForm):
    """NSK-07: exactly two credentials."""

    insured_id = KeyField(
        label=_("ID of the insured person"),
        max_length=40,
        error_messages={"required": _("Enter the ID: it is in your contract or on your card")},
    )
    field_order = ["insured_id", "birth_date"]

    @property
    def facts(self) -> Facts:
        return IdAndBirthDate(self.cleaned_data["insured_id"], self.cleaned_data["birth_date"])


class PolicyNumberForm(FactsForm):
    insured_id = KeyField(
        label=_("Policy number"),
        max_length=40,
        error_messages={"required": _("Enter the number: it stands on the policy")},
    )


class NameForm(FactsForm):
    name = forms.CharField(
        label=_("Full name of the insured person"),
        max_length=200,
        help_text=_("Surname, given name and patronymic, if there is one"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NameAndBirthDateForm(NameForm, BirthDateForm):
    """TM-21, after the number."""

    field_order = ["name", "birth_date"]

    @property
    def facts(self) -> Facts:
        return MobileNameAndBirthDate(self.phone, self.cleaned_data["name"], self.cleaned_data["birth_date"])


class NumberIinAndNameForm(PolicyNumberForm, NameForm):
    """KIH-01 without the code."""

    iin = forms.CharField(
        label=_("IIN of the insured person"),
        max_length=20,
        help_text=_("12 digits, as in the identity card"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = ["insured_id", "iin", "name"]

    def clean_iin(self) -> str:
        """KIH-24: a slip in a digit costs no try."""
        try:
            return parse_iin(self.cleaned_data["iin"]).number
        except IdentityNumberError as error:
            raise ValidationError(str(error)) from error

    @property
    def facts(self) -> Facts:
        return NumberIinAndName(*(self.cleaned_data[name] for name in ("insured_id", "iin", "name")))


class PolicyCodeForm(NumberIinAndNameForm):
    """KIH-01. The e-mail, its fifth field, is the next step."""

    code = KeyField(
        label=_("Activation code"),
        max_length=20,
        secret=True,
        help_text=_("8 letters and digits from the slip that came with the policy, for example K7QM-2XPA"),
        error_messages={"required": _("Enter the code: it stands on the slip that came with the policy")},
    )
    field_order = ["insured_id", "code", "iin", "name"]

    @property
    def facts(self) -> Facts:
        return PolicyCode(*(self.cleaned_data[name] for name in ("insured_id", "iin", "name", "code")))


class PersonForm(BirthDateForm):
    """SGZ-14: a name in its parts, where «no patronymic» is said and not left out. Who has one name writes it twice."""

    surname = forms.CharField(
        label=_("Surname"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    given_name = forms.CharField(
        label=_("Given name"),
        max_length=100,
        help_text=_("If there is one name only, write it in both boxes"),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    patronymic = forms.CharField(
        label=_("Patronymic"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "additional-name"}),
        error_messages={"required": _("Enter the patronymic, or tick that there is none")},
    )
    no_patronymic = forms.BooleanField(label=_("There is no patronymic"), required=False)
    field_order = ["surname", "given_name", "patronymic", "no_patronymic", "birth_date"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("no_patronymic"):
            self.errors.pop("patronymic", None)  # which is asked for only where there is one
        if data.get("patronymic") and data.get("no_patronymic"):
            self.add_error("no_patronymic", _("Either the patronymic or the tick"))
        return data

    @property
    def declared(self) -> Declared:
        surname, given_name, born = (self.cleaned_data[name] for name in ("surname", "given_name", "birth_date"))
        given_name = "" if given_name == surname else given_name
        return Declared(surname, given_name, self.cleaned_data.get("patronymic", ""), born)


def as_typed(declared: Declared) -> dict[str, Any]:
    given_name = declared.given_name or declared.surname
    return asdict(declared) | {"given_name": given_name, "no_patronymic": not declared.patronymic}


class NumberForm(PolicyNumberForm):
    """SGZ-15: a number; who is insured has been `declared` and is shown beside it. `initial` is for the way in beside."""

    def __init__(self, *args: Any, declared: Declared, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declared = declared
        self.initial = as_typed(declared)

    @property
    def facts(self) -> Facts:
        return NumberAndDeclared(self.cleaned_data["insured_id"], self.declared)


class ChildForm(PolicyNumberForm, PersonForm):
    """…or the number of a child’s policy, and who the child is. Nothing of it is kept."""

    field_order = ["insured_id", *PersonForm.field_order]

    @property
    def facts(self) -> Facts:
        return NumberAndDeclared(self.cleaned_data["insured_id"], self.declared)


class ProofForm(forms.Form):
    """One box for whichever proof the person has."""

    answer = KeyField(
        label=_("Code, contract number or card number"),
        max_length=60,
        secret=True,
        help_text=_(
            "The code from our message, the code that the operator told you, or the number of your contract or card"
        ),
        error_messages={"required": _("Enter the code or the number")},
    )


class IdRecoveryForm(IdAndBirthDateForm, ProofForm):
    """The way in for a locked ID: both facts and a proof at once."""

    field_order = ["insured_id", "birth_date", "answer"]


class NumberRecoveryForm(NumberIinAndNameForm, ProofForm):
    """…and for a policy whose code is lost or locked."""

    field_order = ["insured_id", "iin", "name", "answer"]


class NameRecoveryForm(NameAndBirthDateForm, ProofForm):
    """…and for a number that is locked."""

    field_order = ["name", "birth_date", "answer"]


class PersonRecoveryForm(ChildForm, ProofForm):
    """…and for whoever added a policy by its number too often in vain."""

    field_order = [*ChildForm.field_order, "answer"]


class KnownPolicyForm(forms.Form):
    """Behind a personal link: the policy is known, and the letter takes the place of a code to the contact on file."""

    insured_id: Any = None  # takes the field away

    def __init__(self, *args: Any, known: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    def clean(self) -> dict[str, Any]:
        return (super().clean() or {}) | {"insured_id": self.known}


class InvitedByIdForm(KnownPolicyForm, IdAndBirthDateForm):
    """What is left of the first door."""


class InvitedByNumberForm(KnownPolicyForm, NumberIinAndNameForm):
    """What is left of the second, the code included."""


class InvitedChildForm(KnownPolicyForm, ChildForm):
    """What is left of the fourth: who is insured, oneself or a child. `initial`: what the account has declared of itself."""


@dataclass(frozen=True)
class DoorForms:
    """What a door asks first, what the way in beside it, and what behind a personal link (none: it takes no such links)."""

    facts: type[IdAndBirthDateForm | PolicyCodeForm | NameAndBirthDateForm | ChildForm]
    recovery: type[IdRecoveryForm | NumberRecoveryForm | NameRecoveryForm | PersonRecoveryForm]
    invited: type[InvitedByIdForm | InvitedByNumberForm | InvitedChildForm] | None = None


FORMS = {
    Door.ID_AND_BIRTH_DATE: DoorForms(IdAndBirthDateForm, IdRecoveryForm, InvitedByIdForm),
    Door.POLICY_CODE: DoorForms(PolicyCodeForm, NumberRecoveryForm, InvitedByNumberForm),
    Door.MOBILE: DoorForms(NameAndBirthDateForm, NameRecoveryForm),
    Door.OWN_NUMBER: DoorForms(ChildForm, PersonRecoveryForm, InvitedChildForm),
}
