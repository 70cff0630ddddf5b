"""What a patient says of a consultation, and what a coordinator answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from telemed.models.quality import LONGEST_CLAIM
from telemed.rules import SAYS_IN_WORDS, STARS, Verdict

WORDS = {5: _("5, very good"), 4: _("4, good"), 3: _("3, so-so"), 2: _("2, bad"), 1: _("1, very bad")}


class ClaimForm(forms.Form):
    text = forms.CharField(label=_("What was wrong?"), max_length=LONGEST_CLAIM, widget=forms.Textarea({"rows": 6}))


class AnswerForm(forms.Form):
    verdict = forms.TypedChoiceField(
        label=_("Outcome"), coerce=Verdict, choices=Verdict.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the claim ends")},
    )  # fmt: skip
    text = forms.CharField(
        label=_("Answer, with the reason"), max_length=LONGEST_CLAIM, widget=forms.Textarea({"rows": 6}),
        help_text=_("The patient reads it in the cabinet, word by word."),
    )  # fmt: skip


class RatingForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=_("How was it?"), coerce=int, choices=[(stars, WORDS[stars]) for stars in reversed(STARS)],
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(
        label=_("In your words"), max_length=SAYS_IN_WORDS, required=False, widget=forms.Textarea({"rows": 3})
    )
