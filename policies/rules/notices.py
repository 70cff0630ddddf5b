"""How our messages are called where people read of them (notices.rules.KINDS)."""

from django.utils.translation import gettext_lazy as _

NOTICES = {
    "appendix": _("letter with Appendix 1"),
    "consent_withdrawn": _("letter: the consent is withdrawn"),
    "family_invitation": _("invitation of a close one"),
    "family_changed": _("notice of what a close one may see"),
}
