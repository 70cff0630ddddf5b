"""What is told before a consultation and of whom: the same of an urgent request and of a booking (TM-13, KIH-20)."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from core.fields import DateBoxesField
from core.languages import OWN_NAMES
from core.uploads.forms import FilesField
from telemed.models import Consultation
from telemed.rules.declared import Declared


def told(name: str, label: Any, *, required: bool = False, rows: int = 2, hint: Any = "") -> forms.CharField:
    """A question whose answer is as long as the column of that name."""
    longest = next(field.max_length for field in Consultation._meta.fields if field.name == name)
    area = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, required=required, max_length=longest, widget=area, help_text=hint)


class DeclaredForm(forms.Form):
    """A form says by `is_for_close_one` whom its own question «for whom» means, and deletes the two fields of close ones
    where the programme is for the insured person only."""

    close_one = forms.CharField(
        label=_("Name of the person close to you"), required=False, max_length=200,
        help_text=_("Only if the doctor is for them"), widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    close_one_born = DateBoxesField(
        label=_("Their birth date"),
        required=False,
        help_text=_("Up to 18 a paediatrician answers, for example 14 03 2019"),
    )
    complaint = told(
        "complaint", _("What troubles you?"), required=True, rows=4,
        hint=_("In your own words: what, since when, how strong"),
    )  # fmt: skip
    attachments = FilesField(label=_("Documents and photos"))
    diagnoses = told("diagnoses", _("Known diagnoses and past diseases"))
    allergies = told("allergies", _("Allergies"), hint=_("To medicines, food, anything else"))
    contraindications = told(
        "contraindications",
        _("What must not be done or given"),
        hint=_("Contraindications that doctors have told you of"),
    )
    language = forms.ChoiceField(label=_("Language of the talk"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choice_of("language").choices = [(code, name.capitalize()) for code, name in OWN_NAMES.items()]

    @classmethod
    def typed(cls, post: QueryDict) -> dict[str, Any]:
        """What stands in the boxes, right or wrong, as `initial` of another form takes it."""
        fields = cls.base_fields.items()
        return {name: field.widget.value_from_datadict(post, MultiValueDict(), name) for name, field in fields}

    def choice_of(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def is_for_close_one(self) -> bool:
        """As far as it was answered."""
        return False

    def clean_close_one_born(self) -> date | None:
        born: date | None = self.cleaned_data["close_one_born"]
        if born and born > timezone.localdate() + timedelta(days=1):  # where the sun rises first it is today
            raise ValidationError(_("This day has not come yet: check the year"))
        return born

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.is_for_close_one():
            return given | {"close_one": "", "close_one_born": None}
        if not given.get("close_one"):
            self.add_error("close_one", _("Enter the name: the doctor has to know whom they talk about"))
        if not given.get("close_one_born") and "close_one_born" not in self.errors:
            self.add_error("close_one_born", _("Enter the birth date: it decides which doctor answers"))
        return given

    @property
    def declared(self) -> Declared:
        """Of a valid form."""
        return Declared(**{field.name: self.cleaned_data[field.name] for field in fields(Declared)})
