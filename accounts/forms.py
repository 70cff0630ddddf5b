"""allauth's forms in our frame: the rules of a password stand under the field and are ticked off while it is typed.

The forms of a passkey get a label: allauth's own is the field's English name.
"""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.app_settings import EmailVerificationMethod
from allauth.mfa.webauthn import forms as webauthn
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.forms import CharField, Field, Form, IntegerField, PasswordInput, TextInput
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.passwords import PIN, pin_refusal, refusals, rules_for_screen, words_of
from core.fields import KeyField, MobileField, our_mobile

PASSKEY_NAME, THE_SAME_PASSWORD = _("What you call this key"), _("The same password again")


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


class CodeField(KeyField):
    """Six digits, which a phone fills in from the SMS by itself. `missing`: what is said where nothing was typed."""

    def __init__(self, label: Promise, *, missing: Promise) -> None:
        super().__init__(
            label=label, max_length=20, width="w6", digits=True, autocomplete="one-time-code", secret=True,
            error_messages={"required": missing},
        )  # fmt: skip


class CodeForm(Form):
    code = CodeField(_("Code from the SMS"), missing=_("Enter the six digits from the SMS"))


class GuestCodeForm(Form):
    """A guest's contact may be a mobile or an address."""

    code = CodeField(_("Code from our message"), missing=_("Enter the six digits from our message"))


class PinField(CharField):
    """Six digits, hidden while they are typed. `fresh`: a new one, which no browser fills in."""

    def __init__(self, *, fresh: bool = False, **options: Any) -> None:
        hints = {
            "class": "w6", "inputmode": "numeric", "autocomplete": "new-password" if fresh else "off", "maxlength": 6,
        }  # fmt: skip
        six_digits = RegexValidator(f"{PIN}\\Z", _("A PIN has six digits"))
        super().__init__(widget=PasswordInput(attrs=hints), validators=[six_digits], **options)


class PinForm(Form):
    pin = PinField(label=_("PIN"), error_messages={"required": _("Enter the six digits of your PIN")})


class PinTwice(Form):
    """SGZ-14: a new PIN. `own_words` as accounts.passwords.words_about makes them: a PIN is not made of those."""

    pin = PinField(
        fresh=True,
        label=_("PIN"),
        help_text=_("Six digits that open the cabinet on a phone or computer of yours, without the password"),
        error_messages={"required": _("Enter six digits")},
    )
    pin_again = PinField(
        fresh=True, label=_("The same PIN again"), error_messages={"required": _("Type the same six digits once more")}
    )

    def own_words(self) -> frozenset[str]:
        return frozenset()

    def clean(self) -> dict[str, Any]:
        """Here rather than at the field: what it must not repeat stands in the fields before it."""
        data = super().clean() or {}
        pin, again = data.get("pin"), data.get("pin_again")
        if pin and (reason := pin_refusal(pin, words=self.own_words())):
            self.add_error("pin", reason)
        elif pin and again and pin != again:
            self.add_error("pin_again", _("The two PINs differ. Type the same six digits twice"))
        return data


class NewPinForm(PinTwice):
    """For somebody signed in."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def own_words(self) -> frozenset[str]:
        return words_of(self.user)


class PasswordTwice(Form):
    """NSK-10…12: the first password of an account: one rule, stated and checked live."""

    password = CharField(label=_("Password"), strip=False, widget=PasswordInput({"autocomplete": "new-password"}))
    password_again = CharField(
        label=THE_SAME_PASSWORD,
        strip=False,
        widget=PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": _("Type the same password once more")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_the_rules(self.fields["password"])

    def own_words(self) -> frozenset[str]:
        """What the password must not be made of."""
        return frozenset()

    def clean(self) -> dict[str, Any]:
        """Here rather than at the field: what it must not repeat stands in the fields before it."""
        data = super().clean() or {}
        password, again = data.get("password"), data.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", ValidationError(_("The two passwords differ. Type the same one twice")))
        if password and (reasons := refusals(password, words=self.own_words())):
            self.add_error("password", ValidationError(reasons))
        return data


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_twice(self)


class SetPasswordForm(allauth.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_twice(self)


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_twice(self)


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = PASSKEY_NAME


class EditPasskeyForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = PASSKEY_NAME


def ask_twice(form: Form) -> None:
    say_the_rules(form.fields["password1"])
    form.fields["password2"].label = THE_SAME_PASSWORD


def say_the_rules(field: Field) -> None:
    field.help_text = ""  # the same sentences, which the lines show one by one
    field.rule_lines = [(rule.regex, rule.text) for rule in rules_for_screen()]  # type: ignore[attr-defined]


class SessionForm(Form):
    """Which row of the list of sessions is meant."""

    session = IntegerField(min_value=1, max_value=2**63 - 1)
