from django import forms
from django.utils.translation import gettext_lazy as _


class RetryForm(forms.Form):
    """Why an operator sends a parked message again: it stands in the audit trail."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
