"""The request to the duty doctor (TM-13, TM-30)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from telemed.forms.declared import DeclaredForm
from telemed.queries.patients import Choice
from telemed.services.request import Told


class RequestForm(DeclaredForm):
    whom = forms.ChoiceField(
        label=_("Who needs the doctor?"), widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who needs the doctor"),
            "invalid_choice": _("The price has changed since. Choose again, the new one is shown"),
        },
    )  # fmt: skip
    field_order = ["whom", "close_one", "close_one_born"]

    def __init__(self, *args: Any, choices: Sequence[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.choices = {choice.key: choice for choice in choices}
        self.choice_of("whom").choices = [(key, words(choice)) for key, choice in self.choices.items()]
        if not any(choice.is_close_one for choice in choices):
            del self.fields["close_one"], self.fields["close_one_born"]

    def is_for_close_one(self) -> bool:
        choice = self.choices.get(self["whom"].value() or "")
        return choice is not None and choice.is_close_one

    @property
    def choice(self) -> Choice:
        return self.choices[self.cleaned_data["whom"]]

    @property
    def told(self) -> Told:
        named = ("complaint", "diagnoses", "allergies", "contraindications", "language")
        return Told(**{name: self.cleaned_data[name] for name in named})


def words(choice: Choice) -> str:
    """«Айгуль С., терапевт: 0 ₸»."""
    facts = {"person": choice.patient.person.short_name, "price": " / ".join(map(str, choice.prices))}
    if choice.is_close_one:
        return gettext("Somebody close to %(person)s: %(price)s") % facts
    speciality, _cover = choice.asks_for(None)
    return gettext("%(person)s, %(doctor)s: %(price)s") % (facts | {"doctor": speciality.label})
