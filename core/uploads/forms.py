"""Files among the fields of a form. With static/js/files.js they leave one by one before the form does."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from core.errors import InputError
from core.file_names import sent_file_name
from core.uploads.rules import Collection
from core.uploads.services import accept_upload
from core.whole_files import NotSaved

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # the stubs' name for AUTH_USER_MODEL

# A phone offers its camera, its photos and its files for these. `capture` is left out: it would offer the camera alone.
ACCEPT = "image/*,.heic,.heif,application/pdf"


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ACCEPT, "multiple": True, "data-files": True} | (attrs or {}))


class FilesField(forms.FileField):
    """Any number of files; cleans to a list. What is wrong with one of them, `take_files` says."""

    widget = FilesInput

    def __init__(self, **options: Any) -> None:
        usual: dict[str, Any] = {
            "label": _("Photos or PDF"), "required": False,
            "help_text": _("JPEG, PNG, HEIC or PDF, up to 20 MB each. You can photograph the paper with your phone."),
        }  # fmt: skip
        super().__init__(**(usual | options))

    def clean(self, data: list[UploadedFile], initial: Any = None) -> list[UploadedFile]:
        if self.required and not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return data


def take_files(
    form: forms.Form,
    *,
    into: Collection,
    by: "User | None",
    now: datetime,
    guest: UUID | None = None,
    field: str = "attachments",
) -> None:
    """Accept what a checked form brought; of each that is not taken the form says why, the others are kept.

    Also where other fields are wrong: files that arrived need not be chosen again.
    """
    for file in form.cleaned_data.get(field, []):
        if problem := problem_with(file, into=into, by=by, now=now, guest=guest):
            form.add_error(field, f"«{sent_file_name(file.name or '')}»: {problem}")


def problem_with(file: UploadedFile, *, into: Collection, by: "User | None", now: datetime, guest: UUID | None) -> str:
    """Nothing where it was accepted; else in words for its sender."""
    try:
        accept_upload(file=file, into=into, by=by, guest=guest, now=now)
    except InputError as problem:
        return problem.message
    except NotSaved:
        return _gettext("The file could not be saved: there is a fault on our side. Send it again later.")
    return ""
