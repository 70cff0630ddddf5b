"""What can be wrong with a row, in words: the column, the fault, how to mend it.

In the database a problem is one token without spaces, "column:code" or "column:code:facts"; a row has a line of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from policies.rules.register_columns import Column

WORDS: dict[str, Promise] = {
    # of any column
    "missing": _("nothing stands here. Fill it in."),
    "formula": _("a formula or its error stands here. Paste the value instead."),
    "too_long": _("too long. Compare with the document."),
    "letters": _("the file’s encoding lost letters. Save the file as “CSV UTF-8” or XLSX."),
    "shortened": _("the spreadsheet shortened the number (9,00101E+11). Make the column text and enter it again."),
    # dates
    "not_a_date": _("this is not a date. Write it like 14.03.1961."),
    "no_such_day": _("there is no such day in the calendar."),
    "future": _("the date lies in the future."),
    "long_ago": _("the date lies too far in the past. Compare the year with the document."),
    "far_future": _("the date lies too far in the future. Compare the year with the document."),
    "before_start": _("the date lies before the cover start. Compare both with the document."),
    "before_start_on_file": _("the one on file lies before this cover start. State the new one as well."),
    "after_start": _("the date lies after the cover start. It is taken as it is; compare both."),
    "unsigned": _("nothing stands here, so the cover start will open the activation."),
    "serial": _("a spreadsheet’s day number, read as a date."),
    # numbers
    "digits": _("only digits may stand here."),
    "length": _("12 digits are needed."),
    "check": _("a misprint: the check digit does not fit. Compare each digit with the document."),
    "not_issued": _("no such number is issued. Compare each digit with the document."),
    "zeros": _("the leading zeros were lost; the check digit fits with them, so they are back."),
    "zeros_lost": _(
        "on file it is %(facts)s: a spreadsheet cut its zeros off. Make the column text and enter it again."
    ),
    "not_birth_date": _("does not agree with the birth date. That may be right; compare with the document."),
    "not_sex": _("does not agree with the sex. That may be right; compare with the document."),
    "not_a_sum": _("not a sum of money. Write it like 2000000 or 2000000,50."),
    # words
    "unknown_kind": _("not understood. Write “individual” or “corporate”."),
    "unknown": _("not understood and left out."),
    "no_contract": _("nothing stands here. An individual contract has a number."),
    "no_card_or_employer": _("nothing stands here, nor is there an employer. A corporate contract has one of them."),
    "no_name": _("nothing stands here, nor in the other names. A person has at least one."),
    "only_bin": _("nothing stands here: the organisation is called by its BIN until a register names it."),
    # contacts
    "not_mobile": _("not a mobile number that can receive a message; it is left out."),
    "not_an_address": _("not an e-mail address; it is left out."),
    # other rows, and what is on file
    "duplicate": _("stands in several rows (%(facts)s). None of them is taken; leave one."),
    "two_people": _("stands in several rows that describe different people. Compare each with the document."),
    "contradicted": _(
        "another row of the file says something else about this person. Compare both with the documents."
    ),
    "taken": _("belongs to another person on file. Compare the ID and the IIN with the documents."),
    "another_person": _("on file this is a person with another name and birth date or IIN. Compare with the document."),
    "another_product": _("a policy of another programme has it. Compare it, or choose the other programme."),
    "too_many_cells": _("the row has more cells than the header: a separator stands inside a value. Quote the value."),
}


@dataclass(frozen=True)
class Problem:
    column: Column
    code: str
    facts: str = ""
    value: str = ""  # what was given

    @classmethod
    def from_token(cls, token: str, given: Sequence[str]) -> "Problem":
        name, code, facts = [*token.split(":", 2), ""][:3]
        column = Column(name)
        return cls(column, code, facts, given[ORDER[column]] if given else "")

    @property
    def words(self) -> str:
        """In the reader's language: «IIN: 12 digits are needed.»"""
        return f"{self.column.label}: {WORDS[self.code] % {'facts': self.facts.replace(',', ', ')}}"


def problems_in(line: str, given: Sequence[str] = ()) -> list[Problem]:
    """`given`: the row's cells in the order of Column, where they are kept."""
    return [Problem.from_token(token, given) for token in line.split()]


ORDER = {column: place for place, column in enumerate(Column)}
