"""The notice of an event: by somebody in the cabinet, or by a guest whose contact a code has proved."""

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.forms import LoginField
from claims.rules.events import InsuredEvent
from claims.rules.numbers import parse_number
from claims.rules.people import ClaimantRole
from claims.services.notice import AboutWhom, Claimant, Told
from core.countries import countries, country_choices
from core.fields import DateBoxesField, KeyField
from core.identity import IdentityNumberError, parse_iin
from policies.models import Policy

KNOWN = (("", _("I do not know")), ("yes", _("Yes")), ("no", _("No")))
MEANS = {"yes": True, "no": False}
OLDEST = date(1990, 1, 1)


def after_a_death(label: Any) -> forms.ChoiceField:
    """Yes, no, not known: nobody is kept from telling because of it. Hidden until a death is chosen (components.css)."""
    widget = forms.RadioSelect({"data-only": InsuredEvent.DEATH.value})
    return forms.ChoiceField(label=label, choices=KNOWN, required=False, widget=widget, initial="")


AFTER_A_DEATH = ("by_accident", "declared_by_court", "by_inheritance")


class EventForm(forms.Form):
    event = forms.ChoiceField(label=_("What happened?"), choices=InsuredEvent.choices, widget=forms.RadioSelect)
    event_on = DateBoxesField(
        label=_("When?"), help_text=_("Of a disability the day on which it was established, for example 14 03 2026")
    )
    country = forms.ChoiceField(label=_("In which country?"), initial="KZ")
    place = forms.CharField(label=_("Where there?"), required=False, max_length=200)
    story = forms.CharField(
        label=_("What else should we know?"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    by_accident = after_a_death(_("After a death: was it an accident?"))
    declared_by_court = after_a_death(_("After a death: did a court declare the person dead?"))
    by_inheritance = after_a_death(_("After a death: is it an inheritance that gives the right to the payout?"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["country"]
        field.choices = country_choices("KZ", "RU")
        self.fields["event"].choices = [  # type: ignore[attr-defined]
            (value, str(label).capitalize()) for value, label in InsuredEvent.choices
        ]

    def offer(self, events: Set[str]) -> None:
        """Nothing is asked about an event that none of the policies pays for (3.1)."""
        if InsuredEvent.DEATH not in events:
            for name in AFTER_A_DEATH:
                del self.fields[name]

    def clean_event_on(self) -> date:
        event_on: date = self.cleaned_data["event_on"]
        if event_on > timezone.localdate():
            raise ValidationError(_("This day has not come yet: check the year"))
        if event_on < OLDEST:
            raise ValidationError(_("Check the year"))
        return event_on

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"]
        if country not in countries():
            raise ValidationError(_("Choose the country"))
        return country

    @property
    def told(self) -> Told:
        typed = self.cleaned_data
        told = Told(InsuredEvent(typed["event"]), typed["event_on"], typed["country"], typed["place"], typed["story"])
        if told.event != InsuredEvent.DEATH:
            return told
        return replace(
            told, by_accident=MEANS.get(typed["by_accident"]), declared_by_court=MEANS.get(typed["declared_by_court"]),
            by_inheritance=MEANS.get(typed["by_inheritance"]),
        )  # fmt: skip


class NoticeForm(EventForm):
    """In the cabinet: of whom, by which policy."""

    policy = forms.ChoiceField(label=_("To whom, and by which policy?"), widget=forms.RadioSelect)
    field_order = ["policy", "event", "event_on", "country", "place", "story"]

    def __init__(self, *args: Any, policies: Sequence[Policy], **options: Any) -> None:
        super().__init__(*args, **options)
        self.policies = {str(policy.public_id): policy for policy in policies}
        field: Any = self.fields["policy"]
        field.choices = [(key, in_words(policy)) for key, policy in self.policies.items()]
        self.offer({event for policy in policies for event in policy.product_version.terms.claims.events})
        if len(policies) == 1:
            self.initial["policy"] = next(iter(self.policies))

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if {"policy", "event"} <= typed.keys() and typed[
            "event"
        ] not in self.chosen.product_version.terms.claims.events:
            self.add_error("event", _("This policy does not pay for such an event (3.1)"))
        return typed

    @property
    def chosen(self) -> Policy:
        return self.policies[self.cleaned_data["policy"]]


def in_words(policy: Policy) -> str:
    return f"{policy.insured.full_name}, {policy.product_version.name}, {policy.insured_id}"


class GuestNoticeForm(EventForm):
    """Of whom: the name, and the birth date or the IIN. Nothing here is compared with what the insurer has."""

    surname = forms.CharField(label=_("Surname of the insured person"), max_length=100)
    given_name = forms.CharField(label=_("Given name"), max_length=100, required=False)
    patronymic = forms.CharField(label=_("Patronymic, if there is one"), max_length=100, required=False)
    born_on = DateBoxesField(
        label=_("Birth date of the insured person"),
        required=False,
        help_text=_("Or the IIN below: one of the two is enough"),
    )
    iin = KeyField(label=_("IIN of the insured person"), required=False, max_length=20, digits=True)
    policy_number = KeyField(label=_("Policy number, if you have it"), required=False, max_length=60)
    role = forms.ChoiceField(label=_("Who are you?"), choices=ClaimantRole.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("Of a bank, its name and yours"),
    )  # fmt: skip
    field_order = [
        "event", "event_on", "country", "place", "surname", "given_name", "patronymic", "born_on", "iin", "policy_number",
        "role", "name", "by_accident", "declared_by_court", "by_inheritance", "story",
    ]  # fmt: skip

    def __init__(self, *args: Any, contact: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.contact = contact
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (value, str(label).capitalize()) for value, label in ClaimantRole.choices
        ]

    def clean_born_on(self) -> date | None:
        born_on: date | None = self.cleaned_data["born_on"]
        if born_on and born_on > timezone.localdate() + timedelta(days=1):
            raise ValidationError(_("This day has not come yet: check the year"))
        return born_on

    def clean_iin(self) -> str:
        number: str = self.cleaned_data["iin"]
        try:
            return parse_iin(number).number if number else ""
        except IdentityNumberError as problem:
            raise ValidationError(problem.message, code=problem.code) from problem

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"born_on", "iin"} & self.errors.keys() and not typed.get("born_on") and not typed.get("iin"):
            self.add_error("born_on", _("Enter the birth date or the IIN, so that we find the right person"))
        return typed

    @property
    def about(self) -> AboutWhom:
        typed = self.cleaned_data
        return AboutWhom(
            typed["surname"],
            typed["given_name"],
            typed["patronymic"],
            typed["born_on"],
            typed["iin"],
            typed["policy_number"],
        )

    @property
    def claimant(self) -> Claimant:
        typed, is_address = self.cleaned_data, "@" in self.contact
        return Claimant(
            role=ClaimantRole(typed["role"]), name=typed["name"], email=self.contact if is_address else "",
            phone="" if is_address else self.contact, language=get_language() or "ru",
        )  # fmt: skip


# ── A guest's contact ────────────────────────────────────────────────────────
class ContactForm(forms.Form):
    """Where the code goes, and later the letters."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"] = LoginField()


class ReturnForm(ContactForm):
    number = forms.CharField(
        label=_("Number of the claim"), max_length=20, help_text=_("It stands in our letter, for example 26-0001234-4"),
        widget=forms.TextInput({"class": "w12", "inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(["number", "contact"])

    def clean_number(self) -> int:
        number = parse_number(self.cleaned_data["number"])
        if number is None:
            raise ValidationError(_("This is no number of a claim: compare each digit with our letter"))
        return number
