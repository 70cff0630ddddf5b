"""Pages of a document of the checklist, and the link by which a bank sends its own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import LoginField
from core.uploads.forms import FilesField

ANOTHER = "xx"
LANGUAGES = (("kk", _("Kazakh")), ("ru", _("Russian")), (ANOTHER, _("Another language")))


class PagesForm(forms.Form):
    """10.6: in Kazakh or Russian, or with a translation that a notary has certified."""

    attachments = FilesField()
    language = forms.ChoiceField(label=_("In which language is it?"), choices=LANGUAGES, widget=forms.RadioSelect)
    is_translation = forms.BooleanField(label=_("This is the translation, certified by a notary"), required=False)

    def __init__(self, *args: Any, sent: bool, **options: Any) -> None:
        """`sent`: something lies there already, which the script has sent."""
        super().__init__(*args, **options)
        self.fields["attachments"].required = not sent


class BankLinkForm(forms.Form):
    bank = forms.CharField(label=_("Which bank?"), max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"] = LoginField()
        self.fields["contact"].label = _("E-mail or mobile number of the bank’s officer")
