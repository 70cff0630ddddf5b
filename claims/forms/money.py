"""What reviewers fill in about payouts that go on: their end, a new certificate, an examination, another account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.forms.desk import day, words
from claims.rules.examinations import Finding
from claims.rules.iban import IbanNotAccepted, parse_iban


class StopForm(forms.Form):
    ceased_on = day(_("Disability ceased on"))
    evidence = words(
        _("What shows it"), most=2000, help_text=_("Three read it: policyholder, insured and beneficiary.")
    )


class RecertificationForm(forms.Form):
    """As the new certificate says."""

    certified_on: forms.Field = day(_("Certified on"))
    group = forms.TypedChoiceField(label=_("Disability group"), choices=[(one, one) for one in (1, 2, 3)], coerce=int)
    since: forms.Field = day(_("Established from"))
    until: forms.Field = day(_("Last day of the disability"), required=False)
    indefinite = forms.BooleanField(label=_("indefinite"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        until, since = given.get("until"), given.get("since")
        if bool(until) == bool(given.get("indefinite")):
            self.add_error("until", _("Enter the last day, or tick that the disability is indefinite"))
        elif until and since and until < since:
            self.add_error("until", _("The disability ends before it begins. Compare both days with the certificate."))
        return given

    @property
    def facts(self) -> dict[str, Any]:
        """As the service takes them."""
        return {name: self.cleaned_data[name] for name in ("certified_on", "group", "since", "until")}


class OnPaperForm(RecertificationForm):
    came_on = day(_("It came on"), help_text=_("Ten working days count from this day (7.8)."))

    @property
    def facts(self) -> dict[str, Any]:
        return super().facts | {"came_on": self.cleaned_data["came_on"]}


class ExaminationForm(forms.Form):
    institution = forms.CharField(label=_("Medical institution"), max_length=200)
    planned_on = day(_("Planned for"))


class ResultForm(forms.Form):
    """Of an examination that was asked for."""

    done_on = day(_("It took place on"))
    finding = forms.TypedChoiceField(
        label=_("What it found"), choices=Finding.choices, coerce=Finding, widget=forms.RadioSelect
    )
    ceased_on = day(_("Disability ceased on"), required=False, help_text=_("Only where it ceased."))
    result = words(
        _("Result"),
        most=2000,
        help_text=_("The claimant reads it. Where the payouts end, it is what shows it: three read it."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("finding") == Finding.CEASED and not given.get("ceased_on") and "ceased_on" not in self.errors:
            self.add_error("ceased_on", _("Enter the day on which the disability ceased"))
        if given.get("finding") == Finding.CONTINUES and given.get("ceased_on"):
            self.add_error("ceased_on", _("The disability continues, so it has no such day: leave the box empty"))
        return given


class AccountForm(forms.Form):
    iban = forms.CharField(
        label=_("New account (IBAN)"), max_length=40, widget=forms.TextInput({"autocomplete": "off"})
    )

    def clean_iban(self) -> str:
        try:
            return parse_iban(self.cleaned_data["iban"])
        except IbanNotAccepted as problem:
            raise ValidationError(problem.message) from None
