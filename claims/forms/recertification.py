"""A disability that is established anew: what the new certificate says, and the certificate itself."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.forms.documents import PagesForm
from claims.forms.money import RecertificationForm
from core.fields import DateBoxesField


class CertificateAnewForm(RecertificationForm, PagesForm):
    """By the claimant; a reviewer compares it with the file."""

    certified_on = DateBoxesField(
        label=_("Certified anew on"), help_text=_("The day of the certificate, for example 14 03 2026")
    )
    since = DateBoxesField(label=_("Established from"))
    until = DateBoxesField(label=_("Last day of the disability"), required=False)
    indefinite = forms.BooleanField(label=_("It has no last day: it is established for good"), required=False)
    field_order = [
        "certified_on", "group", "since", "until", "indefinite", "attachments", "language", "is_translation",
    ]  # fmt: skip

    def clean_certified_on(self) -> date:
        certified_on: date = self.cleaned_data["certified_on"]
        if certified_on > timezone.localdate():
            raise ValidationError(_("This day has not come yet: check the year"))
        return certified_on
