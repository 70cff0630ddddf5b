"""What a coordinator writes down about a payment, and about its way back."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policies.forms.scopes import A_DATE
from telemed.models.payments import LONGEST_REFERENCE


class PaymentForm(forms.Form):
    reference = forms.CharField(
        label=pgettext_lazy("of a payment", "Reference"), max_length=LONGEST_REFERENCE,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip


class PaidBackForm(PaymentForm):
    """The amount is not asked for: all that was paid is paid back."""

    paid_on = forms.DateField(
        label=_("Day of the payment back"), widget=forms.DateInput(A_DATE), help_text=_("For example 30.11.2026")
    )
