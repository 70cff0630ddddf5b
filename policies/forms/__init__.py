"""What staff fill in, what anybody agrees to, and what lets somebody else see and act."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.forms import PasswordTwice
from accounts.passwords import words_about
from policies.models import ConsentText, Invitation, Person, Product, ProductVersion
from policies.queries import facts_about
from policies.rules.registers import MIB, MOST_CSV_BYTES


class ProductField(forms.ModelChoiceField):
    """A product by its newest version's name, with its insurer's; cleans to the product."""

    def label_from_instance(self, version: ProductVersion) -> str:
        return f"{version.product.insurer.name}: {version.name}"

    def to_python(self, value: Any) -> Product | None:
        version = super().to_python(value)
        return version.product if version else None


class ProductForm(forms.Form):
    product = ProductField(ProductVersion.objects.none(), label=_("Programme"), empty_label=None)

    def __init__(self, *args: Any, versions: QuerySet[ProductVersion], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["product"].queryset = versions  # type: ignore[attr-defined]


class RegisterForm(ProductForm):
    file = forms.FileField(
        label=_("File"), max_length=200, widget=forms.FileInput({"accept": ".csv,.txt,.xlsx"}),
        help_text=_("CSV up to 1,000,000 rows and 400 MB, or XLSX up to 200,000 rows and 20 MB."),
    )  # fmt: skip

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_CSV_BYTES:
            raise ValidationError(_("The file is larger than %(most)s MB."), params={"most": MOST_CSV_BYTES // MIB})
        return file


class LanguageForm(forms.Form):
    """In which language a document is wanted."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class ConsentsForm(forms.Form):
    """Each text stands in full above its tick (SGZ-14). The tick says which version was read, so that of a text that was
    changed meanwhile the person reads the new one first. A piece: other forms inherit it and put their fields before."""

    def __init__(self, *args: Any, texts: list[ConsentText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for text in texts:
            self.fields[f"consent_{text.code}"] = forms.MultipleChoiceField(
                label=text.title_in(),
                help_text=format_html_join(
                    "", '<p class="reading">{}</p>', ((part,) for part in text.text_in().split("\n\n"))
                ),
                choices=[(str(text.number), _("I have read this and agree"))],
                widget=forms.CheckboxSelectMultiple,
                error_messages={
                    "required": _("Without the tick at “%(title)s” we cannot go on") % {"title": text.title_in()},
                    "invalid_choice": _("The text has changed since. Read it again and tick the box if you agree"),
                },
            )


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=_("Whose e-mail?"),
        help_text=_("We send the invitation there. Only this address can accept it"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    consent = forms.BooleanField(
        label=_("I agree that this person sees and does all of this until one of us ends it"),
        error_messages={"required": _("Without your consent we invite nobody")},
    )

    def __init__(self, *args: Any, own: str, **options: Any) -> None:
        """`own`: the address that invites."""
        super().__init__(*args, **options)
        self.own = own

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email == self.own.lower():
            raise ValidationError(_("This is your own e-mail. Enter the other person’s"))
        return email


class InvitedPasswordForm(PasswordTwice):
    """Behind the letter of an invitation, where the address is known."""

    def __init__(self, *args: Any, invitation: Invitation, **options: Any) -> None:
        self.invitation = invitation
        super().__init__(*args, **options)

    def own_words(self) -> frozenset[str]:
        person: Person = self.invitation.person
        return words_about(email=self.invitation.email, **facts_about(person, []))
