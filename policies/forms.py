"""What staff fill in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from policies.models import Product, ProductVersion
from policies.rules.registers import MIB, MOST_CSV_BYTES


class ProductField(forms.ModelChoiceField):
    """A product by its newest version's name, with its insurer's; cleans to the product."""

    def label_from_instance(self, version: ProductVersion) -> str:
        return f"{version.product.insurer.name}: {version.name}"

    def to_python(self, value: Any) -> Product | None:
        version = super().to_python(value)
        return version.product if version else None


class RegisterForm(forms.Form):
    product = ProductField(ProductVersion.objects.none(), label=_("Programme"), empty_label=None)
    file = forms.FileField(
        label=_("File"), max_length=200, widget=forms.FileInput({"accept": ".csv,.txt,.xlsx"}),
        help_text=_("CSV up to 1,000,000 rows and 400 MB, or XLSX up to 200,000 rows and 20 MB."),
    )  # fmt: skip

    def __init__(self, *args: Any, versions: QuerySet[ProductVersion], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["product"].queryset = versions  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_CSV_BYTES:
            raise ValidationError(_("The file is larger than %(most)s MB."), params={"most": MOST_CSV_BYTES // MIB})
        return file


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))
