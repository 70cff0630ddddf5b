"""The application: address and telephones, the beneficiaries with their accounts and shares, consents (9.2, 9.3, 7.9)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from claims.models import Application, Payee
from claims.rules.iban import IbanNotAccepted, in_fours, parse_iban
from claims.rules.shares import ShareNotAccepted, check_shares, read_share
from claims.services.application import Living, Paid
from core.errors import InputError
from core.fields import KeyField, MobileField
from core.identity import parse_bin, parse_iin
from policies.models import ConsentText

MOST_PAYEES = 10


class ApplicationForm(forms.Form):
    address = forms.CharField(
        label=_("Home address"), max_length=300, widget=forms.TextInput({"autocomplete": "street-address"})
    )
    phone = MobileField(label=_("Mobile number"))
    second_phone = forms.CharField(
        label=_("Another telephone, if there is one"), required=False, max_length=30,
        widget=forms.TextInput({"inputmode": "tel", "class": "w12"}),
    )  # fmt: skip
    trusted_person = forms.CharField(
        label=_("If you live abroad: whom to write to in Kazakhstan"), required=False, max_length=300,
        help_text=_("Name, address, telephone (11.4(6))"),
    )  # fmt: skip

    def __init__(self, *args: Any, texts: Sequence[ConsentText], **options: Any) -> None:
        super().__init__(*args, **options)
        self.texts = list(texts)
        for text in self.texts:
            self.fields[f"consent_{text.code}"] = forms.BooleanField(
                label=text.title_in(),
                error_messages={"required": _("Without this consent the claim cannot be looked into")},
            )

    @property
    def living(self) -> Living:
        typed = self.cleaned_data
        phones = [phone for phone in (typed["phone"], typed["second_phone"]) if phone]
        return Living(typed["address"], phones, typed["trusted_person"])

    @staticmethod
    def sent_before(application: Application | None, phone: str) -> dict[str, str]:
        if application is None:
            return {"phone": phone}
        phones = [*application.phones, "", ""]
        return {
            "address": application.address, "phone": phones[0], "second_phone": phones[1],
            "trusted_person": application.trusted_person,
        }  # fmt: skip


class PayeeForm(forms.Form):
    """A beneficiary. A row that is left empty is none."""

    name = forms.CharField(label=_("Beneficiary: name, or bank"), max_length=200, required=False)
    iin = KeyField(label=_("IIN, of a bank its BIN"), required=False, max_length=20, digits=True)
    iban = KeyField(label=_("Account (IBAN)"), required=False, max_length=40)
    share = forms.CharField(
        label=_("Share"), required=False, max_length=15, widget=forms.TextInput({"class": "w6", "autocomplete": "off"}),
        help_text=_("As the document has it, for example 1/3; one alone has 1/1"),
    )  # fmt: skip

    def clean_iban(self) -> str:
        typed: str = self.cleaned_data["iban"]
        try:
            return parse_iban(typed) if typed else ""
        except IbanNotAccepted as problem:
            raise ValidationError(problem.message, code=problem.code) from problem

    def clean_iin(self) -> str:
        typed: str = self.cleaned_data["iin"]
        if not typed:
            return ""
        try:
            return parse_iin(typed).number
        except InputError as problem:
            try:
                return parse_bin(typed).number
            except InputError:
                raise ValidationError(problem.message, code=problem.code) from problem

    def clean_share(self) -> Fraction | None:
        typed: str = self.cleaned_data["share"]
        try:
            return read_share(typed) if typed else None
        except ShareNotAccepted as problem:
            raise ValidationError(problem.message, code=problem.code) from problem

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if self.has_changed():
            for name in ("name", "iban", "share"):
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill in this box, or leave the whole row empty"))
        return typed


class BasePayees(BaseFormSet):
    def clean(self) -> None:
        if any(self.errors):
            return
        if not self.paid:
            raise ValidationError(_("Say who is to be paid: at least one beneficiary"))
        try:
            check_shares([one.share for one in self.paid])
        except ShareNotAccepted as problem:
            raise ValidationError(problem.message, code=problem.code) from problem

    @property
    def paid(self) -> list[Paid]:
        rows = [form.cleaned_data for form in self.forms if form.has_changed() or form.initial]
        return [Paid(row["name"], row["iin"], row["iban"], row["share"]) for row in rows if row.get("name")]


def payees_before(payees: Sequence[Payee], claimant: str) -> list[dict[str, Any]]:
    """What stands in the rows. Of a first application the claimant alone, with the whole."""
    if not payees:
        return [{"name": claimant, "share": "1/1"}]
    return [
        {"name": one.name, "iin": one.iin, "iban": in_fours(one.iban), "share": f"{one.numerator}/{one.denominator}"}
        for one in payees
    ]


PayeeForms = formset_factory(PayeeForm, formset=BasePayees, extra=2, max_num=MOST_PAYEES, validate_max=True)
