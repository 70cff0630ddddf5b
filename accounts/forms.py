"""allauth's forms in our frame: the rules of a password stand under the field and are ticked off while it is typed.

The forms of a passkey get a label: allauth's own is the field's English name.
"""

from typing import Any

from allauth.account import forms as allauth
from allauth.mfa.webauthn import forms as webauthn
from django.forms import Field, Form, IntegerField
from django.utils.translation import gettext_lazy as _

from accounts.passwords import rules_for_screen

PASSKEY_NAME = _("What you call this key")


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
