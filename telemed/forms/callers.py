"""What staff write down of a telephone call."""

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import KeyField, our_mobile
from telemed.forms.schedule import ClockField
from telemed.models import Consultation
from telemed.rules import A_MINUTE, said_at


class CallerForm(forms.Form):
    """By what a caller can say of a consultation. Cleans to E.164, or to Consultation.number."""

    said = KeyField(
        label=_("Mobile number, or number of the request"), max_length=40,
        help_text=_("The number that was confirmed in the cabinet, or the eight signs on the page of the consultation"),
    )  # fmt: skip

    def clean_said(self) -> str:
        said: str = self.cleaned_data["said"]
        return said if re.fullmatch("[0-9A-F]{8}", said, re.ASCII) else our_mobile(said)


class CallForm(forms.Form):
    """`now` by the clock of the consultation's insurer."""

    said_at = ClockField(
        label=_("Time of the call"), help_text=_("It decides whether it was in time. For example 9:05")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, consultation: Consultation, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["said_at"] = f"{now:%H:%M}"
        self.asked_at, self.now = consultation.asked_at, now

    def clean_said_at(self) -> datetime:
        at = said_at(time(*divmod(self.cleaned_data["said_at"], 60)), now=self.now)
        if at + A_MINUTE <= self.asked_at:
            raise ValidationError(_("At that time nothing was asked for yet"))
        return at

    @property
    def moment(self) -> datetime:
        """Of the call, as far as it is known."""
        return self.cleaned_data.get("said_at", self.now) if self.is_bound else self.now
