"""How our messages are called where people read of them (notices.rules.KINDS)."""

from django.utils.translation import gettext_lazy as _

NOTICES = {
    "confirm_address": _("letter with the link"),
    "set_password": _("letter with the login and the link to choose a password"),
    "account_known": _("letter: this address has an account, sign in"),
    "policy_activated": _("letter: the policy is activated"),
    "activated_notice_to_contact": _("notice of the activation to the contact on file"),
    "activation_opens": _("reminder of the opening day"),
    "activation_undone": _("notice that the activation is undone"),
    "access_ended": _("notice that the access is ended"),
    "proof_code": _("code for the second proof"),
    "invitation": _("letter with a personal link, from a mailing to the firm’s people"),
    "login": _("SMS with the login and the link to choose a password"),
}
