"""The second step: for whom the account will act, its address, its password."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PasswordTwice
from accounts.passwords import words_about
from activation.rules import possible_kinds, usual_kind
from policies.forms import ConsentsForm
from policies.models import Policy
from policies.queries import facts_about
from policies.rules import AccessKind, Credentials

KIND_LABELS = {
    AccessKind.SELF: _("Mine: I am the insured person"),
    AccessKind.GUARDIAN: _("My child’s: I am a parent or guardian"),
    AccessKind.REPRESENTATIVE: _("Another adult’s: I help with their policy"),
}


class KindForm(ConsentsForm):
    """For whom the account will act: asked of everybody, answered beforehand by the insured person's age. Below it what the
    programme asks consent for."""

    kind = forms.ChoiceField(
        label=_("Whose policy is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whose policy it is")},
    )

    def __init__(self, *args: Any, policy: Policy, today: date, is_somebody_else: bool = False, **kwargs: Any) -> None:
        self.policy, insured = policy, policy.insured
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        kinds = possible_kinds(insured.birth_date, today=today, is_somebody_else=is_somebody_else)
        field.choices = [(kind.value, KIND_LABELS[kind]) for kind in kinds]  # type: ignore[attr-defined]
        usual = usual_kind(insured.birth_date, today=today)
        field.initial = usual if usual in kinds else kinds[0]

    def clean_kind(self) -> AccessKind:
        return AccessKind(self.cleaned_data["kind"])


class EmailForm(KindForm):
    """KIH-02: the address that opens the cabinet. The password is chosen behind the letter's link."""

    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("It opens your cabinet. We send a letter there now"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["email", "kind"]


class PolicyPassword(PasswordTwice):
    """Of a form about whose `policy` it is: a password is not made of that."""

    policy: Policy
    address = ""  # the login, where it is not a field of the form

    def own_words(self) -> frozenset[str]:
        email = self.address or self.data.get("email", "")
        return words_about(email=email, **facts_about(self.policy.insured, [self.policy]))


class AccountForm(PolicyPassword, EmailForm):
    field_order = ["email", "password", "password_again", "kind"]


class FirstPasswordForm(PolicyPassword):
    """Behind the letter's link, where the address is known."""

    def __init__(self, *args: Any, policy: Policy, address: str, **kwargs: Any) -> None:
        self.policy, self.address = policy, address
        super().__init__(*args, **kwargs)


STEP_2 = {Credentials.CHOSEN: AccountForm, Credentials.LINK: EmailForm, Credentials.SMS: KindForm}


class AddressForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
