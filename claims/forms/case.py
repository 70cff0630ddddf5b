"""What the claimant tells a case: when the last document is supposed to come, that the insurer knew earlier, that it is off."""

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.rules.notice import Source
from core.fields import DateBoxesField


class ExpectedForm(forms.Form):
    """«What if everything is with you on …»: the dates that follow, and nothing is kept."""

    expected = DateBoxesField(label=_("When do you expect to have everything?"))


class KnowledgeForm(forms.Form):
    known_on = DateBoxesField(label=_("On which day did we learn of it?"))
    source = forms.ChoiceField(label=_("How?"), choices=Source.choices, widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=_("What shows it?"), max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=_("For example the number you called from and the hour, or who took your letter"),
    )  # fmt: skip


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Why? You need not say it"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
