"""What every doctor says often, in the patient's language. None names an illness or a remedy (TM-17)."""

from django.utils.translation import gettext_lazy as _

COMMON = (
    _("Good day. I am your doctor. Tell me, please, what troubles you."),
    _("Since when has it been so?"),
    _("Do you hear and see me well?"),
    _("Please send a photo or the results of your examinations here."),
    _("I am calling you once more, please take the call."),
    _("If it becomes worse, call 103 or 112 at once."),
    _("I am writing the conclusion now. You will find it in your cabinet."),
)
