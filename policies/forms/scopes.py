"""What staff choose who look at figures: whose, of which days; and why a file of them is wanted."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.periods import LONGEST_PERIOD, Period, Preset, period_of
from policies.gateways.sheets import TYPES
from policies.models import Insurer
from policies.queries.scopes import Scope

XLSX_MOST = 20_000  # rows: a workbook is closed before it is sent, and a person waits for it
A_DATE = {"class": "w12", "inputmode": "numeric", "autocomplete": "off"}


class ScopeForm(forms.Form):
    """Read from an address. Without a choice: today, at all insurers whom whoever asks serves."""

    opened: date  # nothing was counted before
    too_early: Promise
    preset_at_first = Preset.TODAY

    first = forms.DateField(label=_("First day"), required=False, widget=forms.DateInput(A_DATE))
    last = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(A_DATE), help_text=_("For example 30.11.2026")
    )
    period = forms.ChoiceField(choices=Preset.choices, required=False, widget=forms.HiddenInput)
    insurer = forms.ChoiceField(label=_("Insurer"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, served: Sequence[Insurer], now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.served, self.today = served, max(insurer.today(now) for insurer in served)
        cast(forms.ChoiceField, self.fields["insurer"]).choices = self.insurers()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if self.errors or not (first or last):
            return given
        if not first or not last:
            self.add_error("last" if first else "first", _("Enter both days, or choose a period above"))
        elif fault := self._fault(first, last):
            self.add_error("last", fault)
        return given

    def insurers(self) -> list[tuple[str, Any]]:
        return [("", _("all insurers")), *((insurer.slug, insurer.name) for insurer in self.served)]

    @property
    def days(self) -> Period:
        given = self.cleaned_data
        if given["first"]:
            return Period(given["first"], given["last"])
        return period_of(Preset(given["period"] or self.preset_at_first), self.today)

    @property
    def preset(self) -> str:
        """The one that is chosen; empty where the days were typed, or wrong."""
        given = self.cleaned_data
        return "" if self.errors or given["first"] else given["period"] or self.preset_at_first

    @property
    def scope(self) -> Scope:
        """Of a valid form."""
        wanted = self.cleaned_data["insurer"]
        return Scope([one for one in self.served if wanted in ("", one.slug)], self.days)

    def as_typed(self) -> dict[str, Any]:
        """The same choice with its days, as `initial` of a form takes it. Of a valid form."""
        return {"first": self.days.first, "last": self.days.last, "insurer": self.cleaned_data["insurer"]}

    def query(self, **other: str) -> str:
        """The same choice as an address has it, with `other` beside or instead."""
        given = {name: self.data.get(name, "") for name in ScopeForm.base_fields}
        return urlencode({name: value for name, value in (given | other).items() if value})

    def _fault(self, first: date, last: date) -> Any:
        """Nothing: these days can be counted."""
        if first < self.opened:
            return self.too_early
        if last < first:
            return _("The last day is not before the first")
        if last > self.today:
            return _("The last day is today at the latest")
        if Period(first, last).days > LONGEST_PERIOD:
            return _("A period is a year at most")
        return None


class What(TextChoices):
    """…leaves the house: sums, or the rows behind them."""

    FIGURES = "figures", _("figures")
    LIST = "list", _("list")


class ExportForm(ScopeForm):
    """The days stand in their boxes, whoever chose them. `reason` stands in the audit trail for good."""

    period = None  # type: ignore[assignment]  # Django's way of leaving a field out
    what = forms.ChoiceField(label=_("What is exported?"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=_("Kind of file"), choices=[(kind, kind.upper()) for kind in TYPES], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("What is it for?"), max_length=500)

    list_is: Promise  # «list of requests»
    reason_hint: Promise
    how_many: Callable[[Scope], int]  # rows that the list has

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["first"].required = self.fields["last"].required = True
        self.fields["reason"].help_text = str(self.reason_hint)
        cast(forms.ChoiceField, self.fields["what"]).choices = [
            (What.FIGURES, What.FIGURES.label),
            (What.LIST, self.list_is),
        ]
        if len(self.served) > 1:
            self.fields["insurer"].widget = forms.Select(choices=self.insurers())

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.errors or (given["what"], given["kind"]) != (What.LIST, "xlsx"):
            return given
        rows = self.how_many(self.scope)
        if rows > XLSX_MOST:
            too_many = ngettext(
                "The period has %(count)s row. Choose CSV, or fewer days: an XLSX takes %(most)s at most",
                "The period has %(count)s rows. Choose CSV, or fewer days: an XLSX takes %(most)s at most", rows,
            )  # fmt: skip
            raise ValidationError({"kind": too_many % {"count": rows, "most": XLSX_MOST}})
        return given
