"""allauth's forms in our frame: the rules of a password stand under the field and are ticked off while it is typed.

The forms of a passkey get a label: allauth's own is the field's English name.
"""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.app_settings import EmailVerificationMethod
from allauth.mfa.webauthn import forms as webauthn
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms import CharField, Field, Form, IntegerField, TextInput
from django.utils.translation import gettext_lazy as _

from accounts.passwords import rules_for_screen
from core.fields import KeyField, MobileField, our_mobile

PASSKEY_NAME = _("What you call this key")


class LoginField(CharField):
    """One box for whichever the person signs in with; cleaned to an address in small letters or to E.164."""

    def __init__(self) -> None:
        hints = {"autocomplete": "username", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(label=_("E-mail or mobile number"), max_length=254, widget=TextInput(hints))

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if "@" in text:
            validate_email(text)
            return text.lower()
        if not any(sign.isdigit() for sign in text):
            raise ValidationError(_("Enter an e-mail, or a mobile number such as +7 701 234 45 67"))
        return our_mobile(text)


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = LoginField()
        self.order_fields(["login", "password"])

    def clean(self) -> dict[str, Any]:
        """Whoever signs in with a proved number need not have proved an address."""
        data: dict[str, Any] = super().clean()
        if self.user and "@" not in data["login"]:
            self._login.email_verification = EmailVerificationMethod.NONE
        return data


class ResetPasswordForm(allauth.ResetPasswordForm):
    """The field keeps allauth's name; the view takes numbers for itself before allauth sees them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = LoginField()


class MobileForm(Form):
    phone = MobileField(help_text=_("For example +7 701 234 45 67"))


class CodeForm(Form):
    code = KeyField(
        label=_("Code from the SMS"),
        max_length=20,
        width="w6",
        digits=True,
        autocomplete="one-time-code",
        error_messages={"required": _("Enter the six digits from the SMS")},
    )


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_the_rules(self.fields["password1"])


class SetPasswordForm(allauth.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_the_rules(self.fields["password1"])


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_the_rules(self.fields["password1"])


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = PASSKEY_NAME


class EditPasskeyForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = PASSKEY_NAME


def say_the_rules(field: Field) -> None:
    field.help_text = ""  # the same sentences, which the lines show one by one
    field.rule_lines = [(rule.regex, rule.text) for rule in rules_for_screen()]  # type: ignore[attr-defined]


class SessionForm(Form):
    """Which row of the list of sessions is meant."""

    session = IntegerField(min_value=1, max_value=2**63 - 1)
