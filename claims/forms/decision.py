"""«What if», and what is decided: to pay, or to refuse with its ground."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from claims.forms.desk import day, words
from claims.models import Item
from claims.rules.events import InsuredEvent
from claims.rules.inputs import Inputs
from claims.rules.life import ObjectionEvent, Outcome
from claims.rules.loan import BankLetter
from claims.rules.payouts import Disability, Limit
from claims.rules.refusals import BASES, Ground, Proof
from core.money import CENT, LARGEST, Money


def amount(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=Decimal(0), max_value=LARGEST, decimal_places=2, localize=True,
        widget=forms.TextInput({"class": "w12", "inputmode": "decimal", "autocomplete": "off"}), **options,
    )  # fmt: skip


class WhatIfForm(forms.Form):
    """Other facts than those on file. Nothing is saved. What is left empty stays as it is."""

    sum_insured = amount(_("Sum insured"))
    debt = amount(_("Debt to the bank on the day of the event"))
    not_principal = amount(_("Of it interest, penalties and fines"))
    since = day(_("Disability established on"), required=False)
    until = day(_("Last day of the disability"), required=False)
    indefinite = forms.BooleanField(label=_("indefinite"), required=False)
    contract_until = day(_("Last day of the contract"), required=False)

    OF_DISABILITY = ("since", "until", "indefinite", "contract_until")

    def __init__(self, *args: Any, event: InsuredEvent, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency = currency
        if event == InsuredEvent.DEATH:
            for name in self.OF_DISABILITY:
                del self.fields[name]

    def instead(self, inputs: Inputs) -> Inputs:
        """`inputs` with what was typed. Of a valid form. Raise FactsDisagree."""
        given = self.cleaned_data
        return replace(
            inputs,
            limit=self._limit(inputs.limit, given),
            letter=self._letter(inputs, given),
            disability=self._disability(inputs.disability, given),
            contract_until=given.get("contract_until") or inputs.contract_until,
        )

    def _limit(self, limit: Limit | None, given: Mapping[str, Any]) -> Limit | None:
        if given["sum_insured"] is None:
            return limit
        nothing = self._money(Decimal(0))
        before = limit or Limit(nothing, illness_paid=nothing, paid_before=nothing)
        return replace(before, sum_insured=self._money(given["sum_insured"]))

    def _letter(self, inputs: Inputs, given: Mapping[str, Any]) -> BankLetter | None:
        if given["debt"] is None:
            return inputs.letter
        day_of_event = given.get("since") or inputs.event_on
        return BankLetter(day_of_event, self._money(given["debt"]), self._money(given["not_principal"] or Decimal(0)))

    @staticmethod
    def _disability(known: Disability | None, given: Mapping[str, Any]) -> Disability | None:
        since = given.get("since") or (known.since if known else None)
        if since is None:
            return known
        until = given.get("until") or (known.until if known else None)
        return Disability(since, None if given.get("indefinite") else until, known.earlier_until if known else None)

    def _money(self, value: Decimal) -> Money:
        return Money(value.quantize(CENT), self.currency)


class PayoutForm(forms.Form):
    """How much follows from the facts alone: nobody types an amount."""

    outcome = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[(Outcome.APPROVED, _("to pay all of it")), (Outcome.PARTLY, _("to pay a part of what was asked for"))],
    )  # fmt: skip
    words = words(
        _("In the letter"), most=4000, required=False, rows=4,
        help_text=_("In the claimant’s language. Of a part: why it is not all."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("outcome") == Outcome.PARTLY and not given.get("words"):
            self.add_error("words", _("Say why it is a part only: the claimant reads it in the letter"))
        return given


class RefusalForm(forms.Form):
    """Of one ground: its question, its evidence, and where the rules want one its document."""

    confirmed = forms.BooleanField(error_messages={"required": _("Only who answers yes may use this ground")})
    happened_on = day(_("The day it is about"), help_text=_("Of the event, or of what the ground names"))
    evidence = words(
        _("What shows it"), most=4000, rows=5,
        help_text=_("In the claimant’s language: they read it in the letter, word by word."),
    )  # fmt: skip
    item = forms.ModelChoiceField(
        Item.objects.none(), label=_("The document that shows it"), required=False, empty_label=_("none"),
        to_field_name="public_id",
    )  # fmt: skip
    words = words(_("Anything else in the letter"), most=4000, required=False)

    def __init__(self, *args: Any, ground: Ground, items: QuerySet[Item], **options: Any) -> None:
        super().__init__(*args, **options)
        basis = BASES[ground]
        self.fields["confirmed"].label = str(basis.question)
        item = cast(forms.ModelChoiceField, self.fields["item"])
        item.queryset = items
        item.required = basis.proof != Proof.FACTS
        item.help_text = str(basis.proof.label)


class JudgementForm(forms.Form):
    """About an objection. `events`: what may become of it now."""

    event = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    answer = words(
        _("Answer"), most=4000, rows=6, help_text=_("In the claimant’s language: they read it word by word.")
    )

    def __init__(self, *args: Any, events: list[ObjectionEvent], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["event"]).choices = [(event.value, event.label) for event in events]
