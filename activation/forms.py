"""Shape and cleaning of what people type at the door."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.passwords import refusals, rules_for_screen, words_about
from activation.rules import Facts, IdAndBirthDate, NumberIinAndName, PolicyCode, possible_kinds, usual_kind
from core.fields import DateBoxesField, KeyField
from core.identity import IdentityNumberError, parse_iin
from policies.models import Person, Policy, ProductVersion
from policies.queries import facts_about
from policies.rules import AccessKind, Credentials, Door


class IdAndBirthDateForm(forms.Form):
    """NSK-07: exactly two credentials."""

    insured_id = KeyField(
        label=_("ID of the insured person"),
        max_length=40,
        error_messages={"required": _("Enter the ID: it is in your contract or on your card")},
    )
    birth_date = DateBoxesField(label=_("Birth date"), help_text=_("As in your identity card, for example 14 03 1961"))

    def clean_birth_date(self) -> date:
        """A slip in the year costs no try. Tomorrow is let pass: where the sun rises first it is today."""
        birth_date: date = self.cleaned_data["birth_date"]
        if birth_date > timezone.localdate() + timedelta(days=1):
            raise ValidationError(_("This day has not come yet: check the year"))
        return birth_date

    @property
    def facts(self) -> Facts:
        return IdAndBirthDate(self.cleaned_data["insured_id"], self.cleaned_data["birth_date"])


class NumberIinAndNameForm(forms.Form):
    """KIH-01 without the code."""

    insured_id = KeyField(
        label=_("Policy number"),
        max_length=40,
        error_messages={"required": _("Enter the number: it stands on the policy")},
    )
    iin = forms.CharField(
        label=_("IIN of the insured person"),
        max_length=20,
        help_text=_("12 digits, as in the identity card"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Full name of the insured person"),
        max_length=200,
        help_text=_("Surname, given name and patronymic, if there is one"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

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
        help_text=_("8 letters and digits from the slip that came with the policy, for example K7QM-2XPA"),
        error_messages={"required": _("Enter the code: it stands on the slip that came with the policy")},
    )
    field_order = ["insured_id", "code", "iin", "name"]

    @property
    def facts(self) -> Facts:
        return PolicyCode(*(self.cleaned_data[name] for name in ("insured_id", "iin", "name", "code")))


class ProofForm(forms.Form):
    """One box for whichever proof the person has."""

    answer = KeyField(
        label=_("Code, contract number or card number"),
        max_length=60,
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


@dataclass(frozen=True)
class DoorForms:
    """What a door asks first, and what the way in beside it."""

    facts: type[IdAndBirthDateForm | PolicyCodeForm]
    recovery: type[IdRecoveryForm | NumberRecoveryForm]


FORMS = {
    Door.ID_AND_BIRTH_DATE: DoorForms(IdAndBirthDateForm, IdRecoveryForm),
    Door.POLICY_CODE: DoorForms(PolicyCodeForm, NumberRecoveryForm),
}


KIND_LABELS = {
    AccessKind.SELF: _("Mine: I am the insured person"),
    AccessKind.GUARDIAN: _("My child’s: I am a parent or guardian"),
    AccessKind.REPRESENTATIVE: _("Another adult’s: I help with their policy"),
}


class KindForm(forms.Form):
    """For whom the account will act: asked of everybody, answered beforehand by the insured person's age."""

    kind = forms.ChoiceField(
        label=_("Whose policy is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whose policy it is")},
    )

    def __init__(self, *args: Any, insured: Person, today: date, is_somebody_else: bool = False, **kwargs: Any) -> None:
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

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        self.policy = policy
        super().__init__(*args, insured=policy.insured, **kwargs)


class PasswordTwice(forms.Form):
    """NSK-10…12: one rule, stated and checked live. A form about whose `policy` it is: a password is not made of that."""

    policy: Policy
    address = ""  # the login, where it is not a field of the form

    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Type the same password once more")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = [(rule.regex, rule.text) for rule in rules_for_screen()]
        self.fields["password"].rule_lines = rules  # type: ignore[attr-defined]  # drawn by field.html

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if reasons := refusals(password, words=self._own_words()):
            raise ValidationError(reasons)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("password_again") and data["password"] != data["password_again"]:
            self.add_error("password_again", ValidationError(_("The two passwords differ. Type the same one twice")))
        return data

    def _own_words(self) -> frozenset[str]:
        email = self.address or self.data.get("email", "")
        return words_about(email=email, **facts_about(self.policy.insured, [self.policy]))


class AccountForm(PasswordTwice, EmailForm):
    field_order = ["email", "password", "password_again", "kind"]


class FirstPasswordForm(PasswordTwice):
    """Behind the letter's link, where the address is known."""

    def __init__(self, *args: Any, policy: Policy, address: str, **kwargs: Any) -> None:
        self.policy, self.address = policy, address
        super().__init__(*args, **kwargs)


STEP_2 = {Credentials.CHOSEN: AccountForm, Credentials.LINK: EmailForm}


class AddressForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class SheetForm(forms.Form):
    """For which programme codes are issued."""

    version = forms.ChoiceField(label=_("Programme"))

    def __init__(self, *args: Any, versions: list[ProductVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {version.product.code: version for version in versions}
        choices = [(code, f"{version.product.insurer.name}: {version.name}") for code, version in self.versions.items()]
        self.fields["version"].choices = choices  # type: ignore[attr-defined]

    def clean_version(self) -> ProductVersion:
        return self.versions[self.cleaned_data["version"]]


class ReasonForm(forms.Form):
    """Why an operator acts: a usual reason, words of one's own, or both. It stands in the audit trail for good.

    `seen`: the newest change on the page before the act (queries.last_change).
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    usual = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect, required=False)
    words = forms.CharField(
        label=_("In your own words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, usual: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["usual"].choices = [(str(reason), reason) for reason in usual]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("usual") or data.get("words")):
            raise ValidationError(_("Choose a reason or write one"))
        return data

    @property
    def reason(self) -> str:
        return ". ".join(part for part in (self.cleaned_data["usual"], self.cleaned_data["words"]) if part)
