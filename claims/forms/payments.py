"""What payment officers fill in."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.forms.desk import day, words
from claims.models import BaseRate, Instalment
from core.money import format_money

FURTHEST = timedelta(days=31)  # ahead: what is due later has its own file
USUALLY = timedelta(days=3)


class FileForm(forms.Form):
    """`again`: what came back and goes to the same account, because somebody has asked."""

    until = day(_("Planned until"), help_text=_("What is due at once is always in it."))
    again = forms.MultipleChoiceField(
        label=_("Send again to the same account"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, today: date, came_back: Sequence[Instalment], **options: Any) -> None:
        options["initial"] = {"until": today + USUALLY}
        super().__init__(*args, **options)
        self.today = today
        choices = [
            (str(one.public_id), f"{one.claim.number_shown}, {one.payee.name}: {format_money(one.money)}")
            for one in came_back
        ]
        if choices:
            cast(forms.MultipleChoiceField, self.fields["again"]).choices = choices
        else:
            del self.fields["again"]

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not self.today <= until <= self.today + FURTHEST:
            raise ValidationError(_("Choose a day from today to a month ahead."))
        return until


class AnswerFileForm(forms.Form):
    file = forms.FileField(
        label=_("The bank’s file"), widget=forms.FileInput({"accept": ".csv,.txt,.xlsx"}),
        help_text=_("CSV or XLSX with the number, the outcome, the date and the amount of each order."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = words(_("Reason"), rows=2, most=300)


class RateForm(forms.ModelForm):
    class Meta:
        model = BaseRate
        fields = ["since", "percent", "source"]
        labels = {"since": _("In force since"), "percent": _("Rate, % a year"), "source": _("Source")}
        help_texts = {"source": _("The decision of the National Bank: its date and number, or its address.")}
        widgets = {
            "since": forms.DateInput({"class": "w12", "inputmode": "numeric", "autocomplete": "off"}),
            "percent": forms.TextInput({"class": "w12", "inputmode": "decimal"}),
        }
