"""What reviewers fill in about a claim: who has it, its documents, its clock."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from claims.models import Certificate, Verdict
from claims.rules.checklists import Form, Giver
from claims.rules.letters import languages_to_authorities
from claims.rules.openings import OTHER, WHY_OPENED
from policies.models import Insurer

A_DATE = {"class": "w12", "inputmode": "numeric", "autocomplete": "off"}
LONG, LONGER = 1000, 4000  # characters


def day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(A_DATE), **options)


def words(label: Any, *, rows: int = 3, most: int = LONG, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea({"rows": rows}), **options)


# ── Whose it is ──────────────────────────────────────────────────────────────


class OpeningForm(forms.Form):
    """The claimant reads the answer."""

    why = forms.ChoiceField(label=_("Why do you open this file?"), choices=WHY_OPENED, widget=forms.RadioSelect)
    words = forms.CharField(label=_("In your words"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("why") == OTHER and not given.get("words"):
            self.add_error("words", _("Say what for: the claimant reads it"))
        return given

    @property
    def reason(self) -> str:
        """Of a valid form: a code of WHY_OPENED, or the words."""
        return str(self.cleaned_data["words"] or self.cleaned_data["why"])


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the claim"), max_length=30, widget=forms.TextInput({"class": "w12", "autocomplete": "off"}),
        help_text=_("As it stands in our letters, for example 26-0012345-7"),
    )  # fmt: skip


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.email


class HandOverForm(forms.Form):
    to = ColleagueField(
        User.objects.none(), label=_("To whom"), required=False, empty_label=_("nobody: it is free again")
    )
    reason = words(_("Reason"), most=500)

    def __init__(self, *args: Any, colleagues: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(ColleagueField, self.fields["to"]).queryset = colleagues


class AbsenceForm(forms.Form):
    user = ColleagueField(User.objects.none(), label=_("Who is away"), empty_label=None)
    insurer = forms.ModelChoiceField(Insurer.objects.none(), label=_("Insurer"), empty_label=None)
    since = day(_("First day"))
    until = day(_("Last day"), help_text=_("For example 30.11.2026"))

    def __init__(self, *args: Any, colleagues: QuerySet[User], insurers: QuerySet[Insurer], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(ColleagueField, self.fields["user"]).queryset = colleagues
        cast(forms.ModelChoiceField, self.fields["insurer"]).queryset = insurers

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "since" in given and "until" in given and given["until"] < given["since"]:
            self.add_error("until", _("The last day is not before the first"))
        return given


class SearchForm(forms.Form):
    said = forms.CharField(
        label=_("Search for somebody else"), max_length=100, required=False,
        help_text=_("IIN, policy number, or surname with the full birth date. Nothing is found for a part of it."),
    )  # fmt: skip


class NoteForm(forms.Form):
    text = words(_("Note for colleagues"), most=LONGER, help_text=_("The claimant does not see it."))


# ── Documents ────────────────────────────────────────────────────────────────
class AcceptForm(forms.Form):
    received_on = day(
        _("It came on"), help_text=_("Of a paper: the day on which it came. The review counts from the last of them.")
    )


class WhyForm(forms.Form):
    why = words(_("Because…"), help_text=_("The claimant reads it, word by word."))


class MoreForm(forms.Form):
    """10.4."""

    title = forms.CharField(label=_("Which document"), max_length=300)
    form = forms.ChoiceField(label=_("In which form"), choices=Form.choices)
    giver = forms.ChoiceField(label=_("Who gives it"), choices=Giver.choices)
    why = words(
        _("Why the event cannot be established without it"), help_text=_("The claimant reads it, word by word.")
    )


class PageForm(forms.Form):
    verdict = forms.ChoiceField(label=_("This file is"), choices=Verdict.choices, widget=forms.RadioSelect)
    why = forms.CharField(label=_("Because…"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verdict") == Verdict.REDO and not given.get("why"):
            self.add_error("why", _("Say what is wrong with it: the claimant reads it"))
        return given


class CertificateForm(forms.ModelForm):
    indefinite = forms.BooleanField(label=_("indefinite"), required=False)

    class Meta:
        model = Certificate
        fields = ["certified_on", "given_on", "group", "since", "until"]
        widgets = {name: forms.DateInput(A_DATE) for name in ("certified_on", "given_on", "since", "until")} | {
            "group": forms.Select(choices=[(group, group) for group in (1, 2, 3)])
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("given_on", "group", "since"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        until, since = given.get("until"), given.get("since")
        if bool(until) == bool(given.get("indefinite")):
            self.add_error("until", _("Enter the last day, or tick that the disability is indefinite"))
        elif until and since and until < since:
            self.add_error("until", _("The disability ends before it begins. Compare both days with the certificate."))
        return given


# ── The clock ────────────────────────────────────────────────────────────────
class AuthorityForm(forms.Form):
    authority = forms.CharField(
        label=_("Which authority"), max_length=200, help_text=_("With its address, as the letter to it begins")
    )
    language = forms.ChoiceField(label=_("Language of the request"), widget=forms.RadioSelect)
    question = words(
        _("What we ask"),
        rows=5,
        most=LONGER,
        help_text=_("It stands in our letter to the authority. Tell of health no more than the question needs."),
    )
    why = words(_("Why, for the claimant"), help_text=_("It stands in our letter to the claimant (11.1(6))."))

    def __init__(self, *args: Any, country: str, **options: Any) -> None:
        super().__init__(*args, **options)
        languages = languages_to_authorities(country)
        cast(forms.ChoiceField, self.fields["language"]).choices = languages
        self.initial.setdefault("language", languages[0][0])


class DispatchForm(forms.Form):
    sent_on = day(_("It left on"))
    sent_how = forms.CharField(
        label=_("How, and what proves it"),
        max_length=200,
        help_text=_("For example registered post and its number, or the stamp of the office that took it"),
    )


class CriminalCaseForm(forms.Form):
    authority = forms.CharField(label=_("Which authority leads it"), max_length=200)
    why = words(_("Why, for the claimant"), help_text=_("It stands in our letter to the claimant (10.5)."))


class AnswerForm(forms.Form):
    answer = words(_("What was answered"), rows=5, most=LONGER)


class ExtensionForm(forms.Form):
    until = day(_("New last day"), help_text=_("A working day after the last day of the term"))
    why = words(_("Why, for the claimant"), help_text=_("It stands in our letter (7.8): what we still need to know."))
