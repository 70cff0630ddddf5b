"""Form fields with a shape of their own: a date in three boxes, a number or code copied from paper."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from core.dates import DateNotUnderstood, parse_date
from core.identity import normalise_key
from core.phones import PhoneNotAccepted, parse_our_mobile

PASTED_LENGTH = 10  # 14.03.1961: every box takes a whole date


class DateBoxes(forms.MultiWidget):
    """Day, month, year. Whatever was typed comes back as it was typed."""

    template_name = "django/forms/widgets/date_boxes.html"
    parts = (("bday-day", _("Day"), "w2"), ("bday-month", _("Month"), "w2"), ("bday-year", _("Year"), "w4"))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes = [
            forms.TextInput({
                "class": width, "inputmode": "numeric", "autocomplete": purpose, "maxlength": PASTED_LENGTH,
            })
            for purpose, _label, width in self.parts
        ]  # fmt: skip
        super().__init__(boxes, attrs)

    def decompress(self, value: date | None) -> list[str]:
        return [f"{value.day:02}", f"{value.month:02}", f"{value.year:04}"] if value else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for box, (_purpose, label, _width) in zip(context["widget"]["subwidgets"], self.parts, strict=True):
            box["label"] = label
        return context

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> list[str]:  # fmt: skip
        return [(box or "").strip() for box in super().value_from_datadict(data, files, name)]


class DateBoxesField(forms.Field):
    """Cleans to a `date`. A whole date in one box counts, wherever it was pasted."""

    widget = DateBoxes
    default_error_messages = {
        "required": _("Enter the day, the month and the year"),
        "day": _("Enter the day"),
        "month": _("Enter the month"),
        "year": _("Enter the year"),
        "short_year": _("Enter the year with four digits, for example 1961"),
    }

    def to_python(self, value: list[str] | date | None) -> date | None:
        if value is None or isinstance(value, date):
            return value
        boxes = [box for box in value if box]
        if not boxes:
            return None
        if len(boxes) == 1 and len(boxes[0]) > len("1961"):
            return understood(boxes[0])
        for box, part in zip(value, ("day", "month", "year"), strict=True):
            if not box:
                raise ValidationError(self.error_messages[part], code=part)
        if value[2].isdigit() and len(value[2]) < len("1961"):
            raise ValidationError(self.error_messages["short_year"], code="short_year")
        return understood(".".join(value))


def understood(text: str) -> date:
    try:
        return parse_date(text)
    except DateNotUnderstood as problem:
        raise ValidationError(problem.message, code=problem.code) from problem


class KeyField(forms.CharField):
    """An ID, a contract, card or policy number, a code: cleaned to the form in which such things are compared.

    `width`: "w6", "w12" or "" hints at the length; `digits` asks the phone for its number pad; what is `secret` is not
    carried over when the language changes (static/js/typed-text.js).
    """

    def __init__(
        self,
        *,
        width: str = "w12",
        digits: bool = False,
        autocomplete: str = "off",
        secret: bool = False,
        **options: Any,
    ) -> None:
        self.hints = {
            "class": width, "autocomplete": autocomplete, "spellcheck": "false", "autocapitalize": "characters",
            "inputmode": "numeric" if digits else "text",
        }  # fmt: skip
        if secret:
            self.hints["data-secret"] = ""
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | self.hints

    def to_python(self, value: Any) -> str:
        return normalise_key(super().to_python(value) or "")


class MobileField(forms.CharField):
    """A mobile number that we send codes to, as people write it; cleaned to E.164."""

    def __init__(self, **options: Any) -> None:
        hints = {"inputmode": "tel", "autocomplete": "tel", "class": "w12"}
        usual: dict[str, Any] = {"label": _("Mobile number"), "max_length": 30, "widget": forms.TextInput(hints)}
        super().__init__(**(usual | options))

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return our_mobile(text) if text else ""


def our_mobile(text: str) -> str:
    """core.phones.parse_our_mobile for a form. Raises ValidationError."""
    try:
        return parse_our_mobile(text)
    except PhoneNotAccepted as problem:
        raise ValidationError(problem.message, code=problem.code) from problem
