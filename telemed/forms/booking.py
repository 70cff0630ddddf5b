"""What is asked before «Book»: of whom, what about, and for which time if the chosen one was taken meanwhile."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import Person
from policies.rules import Service
from telemed.forms.declared import DeclaredForm, told

INSURED, CLOSE_ONE = "insured", "close_one"


class BookingForm(DeclaredForm):
    """`times`: (key, words) of the times that may be picked, the chosen one first; a single one is a hidden field."""

    slot = forms.ChoiceField(
        label=_("Which time instead?"), widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("This time was just taken. Choose another one")},
    )  # fmt: skip
    whom = forms.ChoiceField(
        label=_("Who needs the doctor?"), widget=forms.RadioSelect, initial=INSURED,
        error_messages={"required": _("Choose who needs the doctor")},
    )  # fmt: skip
    field_order = ["slot", "whom", "close_one", "close_one_born"]

    def __init__(
        self, *args: Any, patient: Person, relatives_included: bool, times: Sequence[tuple[str, str]], **options: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        if len(times) == 1:
            self.fields["slot"].widget = forms.HiddenInput()
        self.choice_of("slot").choices = times
        if relatives_included:
            self.choice_of("whom").choices = [(INSURED, patient.short_name), (CLOSE_ONE, _("Somebody close"))]
        else:
            del self.fields["whom"], self.fields["close_one"], self.fields["close_one_born"]

    def is_for_close_one(self) -> bool:
        return "whom" in self.fields and self["whom"].value() == CLOSE_ONE


class SecondOpinionForm(BookingForm):
    """TM-08: there is a diagnosis already, and papers."""

    diagnoses = told(
        "diagnoses", _("The diagnosis that you were given"), required=True, rows=4,
        hint=_("Which, by whom and when. You can add documents after booking, up to the talk"),
    )  # fmt: skip
    complaint = told(
        "complaint", _("What do you want to know?"), required=True, rows=4,
        hint=_("For example whether the diagnosis or the proposed treatment is right"),
    )  # fmt: skip


def form_for(service: Service) -> type[BookingForm]:
    return SecondOpinionForm if service == Service.SECOND_OPINION else BookingForm
