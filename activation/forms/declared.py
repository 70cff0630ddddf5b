"""SGZ-14: the account, the person, the passport, the PIN, the consents, in the order of the insurer's guide."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms import PasswordTwice, PinTwice
from accounts.passwords import words_about
from activation.forms.facts import PersonForm, as_typed
from activation.rules import Declared
from core.fields import KeyField
from policies.forms import ConsentsForm


class PassportForm(forms.Form):
    """«Первые четыре цифры в одно поле, остальные в другое»."""

    passport_series = KeyField(
        label=_("Passport: the first four digits"),
        max_length=8,
        width="w4",
        digits=True,
        secret=True,
        validators=[RegexValidator(r"^[0-9]{4}\Z", _("The series has four digits"))],
        error_messages={"required": _("Enter the four digits of the series")},
    )
    passport_number = KeyField(
        label=_("Passport: the other six digits"),
        max_length=10,
        width="w6",
        digits=True,
        secret=True,
        validators=[RegexValidator(r"^[0-9]{6}\Z", _("The number has six digits"))],
        error_messages={"required": _("Enter the six digits of the number")},
    )

    @property
    def passport(self) -> str:
        return f"{self.cleaned_data['passport_series']}{self.cleaned_data['passport_number']}"


class RegistrationForm(ConsentsForm, PinTwice, PassportForm, PersonForm, PasswordTwice):
    """All of SGZ-14. What was typed comes back with the errors, but for the password and the PIN."""

    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("It opens your cabinet. We send a letter there now"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = [
        "email", "password", "password_again", "surname", "given_name", "patronymic", "no_patronymic", "birth_date",
        "passport_series", "passport_number", "pin", "pin_again",
    ]  # fmt: skip

    def own_words(self) -> frozenset[str]:
        """Asked when every field has been looked at: none of them may stand in the password or be the PIN."""
        typed = self.cleaned_data
        series, number = typed.get("passport_series", ""), typed.get("passport_number", "")
        return words_about(
            email=typed.get("email", ""), birth_date=typed.get("birth_date"), numbers=[series + number, number],
            names=[typed.get(name, "") for name in ("surname", "given_name", "patronymic")],
        )  # fmt: skip


class DeclarationForm(ConsentsForm, PassportForm, PersonForm):
    """For somebody who has an account. `declared`: what is known, to be corrected; then an empty passport keeps the one
    that was declared."""

    def __init__(self, *args: Any, declared: Declared | None, **kwargs: Any) -> None:
        super().__init__(*args, initial=as_typed(declared) if declared else None, **kwargs)
        if declared:
            for name in ("passport_series", "passport_number"):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        series, number = data.get("passport_series"), data.get("passport_number")
        if not self.errors and bool(series) != bool(number):
            self.add_error("passport_number" if series else "passport_series", _("Enter both parts, or neither"))
        return data
