"""What a claimant disagrees with, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.rules.life import Way

HINTS = {
    Way.INSURER: _("What in our letter is not so, and what shows it. You can add documents on the page of the claim."),
    Way.OMBUDSMAN: _(
        "It goes to us as your notice. Within three working days the papers for the ombudsman are ready here."
    ),
    Way.REGULATOR: _("When you applied, and what about, so that we prepare. You apply by yourself."),
    Way.COURT: _("To which court you applied, so that we prepare. You apply by yourself."),
}


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=_("What do you disagree with, and why?"), max_length=4000, widget=forms.Textarea({"rows": 8})
    )

    def __init__(self, *args: Any, way: Way, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].help_text = str(HINTS[way])
