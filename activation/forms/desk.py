"""What colleagues fill in: for which programme codes are printed, and why they act."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from policies.forms import ProductForm


class SheetForm(ProductForm):
    """For which programme codes are issued."""


class ReasonForm(forms.Form):
    """Why an operator acts: a usual reason, words of one's own, or both. It stands in the audit trail for good.

    `seen`: the newest change at the policy's door on the page before the act (queries.last_change); 0: about no door.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    usual = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect, required=False)
    words = forms.CharField(
        label=_("In your own words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, usual: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["usual"].choices = [(str(reason), reason) for reason in usual]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("usual") or data.get("words")):
            raise ValidationError(_("Choose a reason or write one"))
        return data

    @property
    def reason(self) -> str:
        return ". ".join(part for part in (self.cleaned_data["usual"], self.cleaned_data["words"]) if part)
