"""What a doctor fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from telemed.models import Draft, Phrase
from telemed.models.conclusions import SECTIONS
from telemed.rules import AttemptResult, Outcome


class DraftForm(forms.ModelForm):
    """As far as it is written: nothing is asked for yet."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect, required=False
    )  # fmt: skip

    class Meta:
        model = Draft
        fields = SECTIONS
        widgets = dict.fromkeys(SECTIONS[:-1], forms.Textarea({"rows": 3}))


class ConclusionForm(DraftForm):
    """Ready to be sent."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("heard", "methods", "outcome"):
            self.fields[name].required = True


class AttemptForm(forms.Form):
    result = forms.ChoiceField(label=_("What happened?"), choices=AttemptResult.choices, widget=forms.RadioSelect)


class GiveBackForm(forms.Form):
    reason = forms.CharField(label=_("What failed on our side?"), max_length=500)


class PhraseForm(forms.ModelForm):
    class Meta:
        model = Phrase
        fields = ("language", "text")
        widgets = {"text": forms.Textarea({"rows": 2})}
