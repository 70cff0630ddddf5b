"""The loan behind a claim: its schedule as a file or typed, and what the bank's letter says."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.forms.desk import day, words
from claims.gateways.loan_files import read_loan_file
from claims.models import LoanSchedule
from claims.rules.loan import Schedule
from claims.rules.loan_rows import Reading, Row, read_rows
from claims.rules.sheets import is_total
from core.money import LARGEST
from core.whole_files import digest_of
from policies.rules.registers import Unreadable

LINE = re.compile(r"\s*([^\s;]+)[\s;]+(.*)")  # the day, and what is left of the line
MOST_SHOWN = 20  # problems at a time


class ScheduleForm(forms.ModelForm):
    """`schedule` is what was read, of a valid form."""

    schedule: Schedule

    class Meta:
        model = LoanSchedule
        fields = ["contract_number", "lender"]

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency = currency

    def take(self, name: str, reading: Reading) -> None:
        """Each problem is an error in words."""
        if reading.schedule is None:
            raise ValidationError({name: [problem.words for problem in reading.problems[:MOST_SHOWN]]})
        self.schedule = reading.schedule


class FileForm(ScheduleForm):
    file = forms.FileField(
        label=_("The bank’s schedule"), widget=forms.FileInput({"accept": ".csv,.txt,.xlsx"}),
        help_text=_("CSV or XLSX with the day and the principal of each repayment. Other columns are not read."),
    )  # fmt: skip
    sha256 = ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if file := given.get("file"):
            self.sha256 = digest_of(file)
            try:
                self.take("file", read_loan_file(file, currency=self.currency))
            except Unreadable as problem:
                raise ValidationError({"file": problem.words}) from None
        return given


class TypedForm(ScheduleForm):
    rows = words(
        _("Repayments"), rows=12, most=60_000,
        help_text=_("One a line: day and principal, for example 15.01.2025 50 000. Below them the total, if you have it."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if typed := given.get("rows"):
            rows = (row_of(number, line) for number, line in enumerate(typed.splitlines(), 1))
            self.take("rows", read_rows(rows, currency=self.currency))
        return given


def row_of(number: int, line: str) -> Row:
    """«15.01.2025 50 000,00»; of a total, its word stands where the day would."""
    found = LINE.match(line)
    if found is None:
        return Row(number, line, "")
    first, rest = found[1], found[2]
    return Row(number, first.rstrip(":"), rest.lstrip(": ")) if is_total(first) else Row(number, first, rest)


class LetterForm(forms.Form):
    """D1b, I1b."""

    as_of = day(_("Owed on"), help_text=_("The day of the event: the letter must be about it."))
    debt = forms.DecimalField(label=_("Debt"), min_value=0, max_value=LARGEST, decimal_places=2, localize=True)
    not_principal = forms.DecimalField(
        label=_("Of it interest, penalties and fines"), min_value=0, max_value=LARGEST, decimal_places=2, localize=True
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        debt, part = given.get("debt"), given.get("not_principal")
        if debt is not None and part is not None and part > debt:
            self.add_error(
                "not_principal", _("Interest, penalties and fines are a part of the debt, not more than it.")
            )
        return given
