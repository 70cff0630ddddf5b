"""What keepers of registers fill in about a mailing to a firm's people."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import LoginField
from activation.rules import MOST_BOUNCES, MOST_PACE, Bounces, read_bounces
from policies.forms import ProductField
from policies.models import Organisation, ProductVersion

MOST_BYTES = 5 * 1024 * 1024  # of a list of addresses that came back
MOST_DAYS = 90  # that a firm's HR may see the report


class FirmForm(forms.Form):
    """Whose people, in which programme: sent by GET, so that a preview has an address."""

    product = ProductField(ProductVersion.objects.none(), label=_("Programme"), empty_label=None)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Firm"))

    def __init__(
        self, *args: Any, versions: QuerySet[ProductVersion], firms: QuerySet[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = versions  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = firms  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        product, firm = data.get("product"), data.get("organisation")
        if product and firm and product.insurer_id != firm.insurer_id:
            raise ValidationError(_("This firm is insured by another insurer than the programme’s"))
        return data


class StartForm(forms.Form):
    pace = forms.IntegerField(label=_("Letters a minute"), min_value=1, max_value=MOST_PACE)
    language = forms.ChoiceField(label=_("Language, where the register names none"), choices=settings.LANGUAGES)


class BouncesForm(forms.Form):
    """A pasted list, or a file as the mail server's report gives it."""

    addresses = forms.CharField(
        label=_("Addresses, one a line; what stands beside one is the reason"), required=False,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false"}),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or a file (CSV or text)"), required=False, widget=forms.FileInput({"accept": ".csv,.txt"})
    )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > MOST_BYTES:
            raise ValidationError(
                _("The file is larger than %(most)s MB."), params={"most": MOST_BYTES // 1024 // 1024}
            )
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            data["bounces"] = bounces = self._read(data)
            if not bounces.addresses:
                raise ValidationError(_("No e-mail address is found in it"))
            if len(bounces.addresses) > MOST_BOUNCES:
                raise ValidationError(_("More than %(most)s addresses"), params={"most": MOST_BOUNCES})
        return data

    def _read(self, data: dict[str, Any]) -> Bounces:
        """A file of an old code page has Latin addresses all the same."""
        file: UploadedFile | None = data["file"]
        text = file.read().decode("utf-8", errors="replace") if file else ""
        return read_bounces(f"{data['addresses']}\n{text}" if data["addresses"] else text)


class ContactField(LoginField):
    def __init__(self) -> None:
        super().__init__()
        self.widget.attrs["autocomplete"] = "off"  # somebody else's


class ReportGuestForm(forms.Form):
    """Who at the firm may see the report, and how long."""

    contact = ContactField()
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=MOST_DAYS, initial=30)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
