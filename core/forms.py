"""The sample forms of the gallery: every kind of control once. They are shown, never saved."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import DateBoxesField, KeyField
from core.uploads.forms import FilesField


class SampleForm(forms.Form):
    insured_id = KeyField(
        label=_("ID of the insured person"),
        help_text=_("Clause 1.5 of the contract or the front of the plastic card. Spaces may be left out."),
        digits=True,
    )
    birth_date = DateBoxesField(
        label=_("Date of birth"), help_text=_("As in the identity card, for example 14 03 1961")
    )
    email = forms.EmailField(label=_("E-mail"), required=False, widget=forms.EmailInput({"autocomplete": "email"}))
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput({"autocomplete": "new-password", "class": "w12"})
    )
    document = forms.ChoiceField(
        label=_("Kind of document"), choices=[("", "—"), ("card", _("Identity card")), ("passport", _("Passport"))]
    )
    reach = forms.ChoiceField(
        label=_("How shall we answer?"), widget=forms.RadioSelect,
        choices=[("email", _("By e-mail")), ("sms", _("By SMS"))],
    )  # fmt: skip
    message = forms.CharField(label=_("Message"), required=False, widget=forms.Textarea({"rows": 3}))
    scan = forms.FileField(label=_("Photo or PDF"), required=False, help_text=_("JPG, PNG or PDF up to 20 MB"))
    consent = forms.BooleanField(label=_("I agree to the processing of my personal data"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"].rule_lines = [  # type: ignore[attr-defined]
            (r"^[ -~]{6,}$", _("at least 6 characters")),
            ("[A-Za-z]", _("at least one Latin letter")),
            ("[0-9]", _("at least one digit")),
        ]

    def clean_insured_id(self) -> str:
        insured_id: str = self.cleaned_data["insured_id"]
        if len(insured_id) < 10:
            raise ValidationError(_("The ID has 10 digits, this has %(count)s"), params={"count": len(insured_id)})
        return insured_id


class FilesForm(forms.Form):
    attachments = FilesField()
