"""Accounts: who signs in and how.

Published for the apps above: `accounts.passwords.own_words_asked` (answer with words that a password must not hold),
`accounts.adapters.brand_asked` (answer with the insurer who signs a letter), `accounts.adapters.identity_shown` (the state
has said who an account's owner is: answer with how many policies were added), and allauth's `email_confirmed` (an address
was proved on allauth's own page rather than by `verify_address`).
"""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")
    default = True

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in
        from allauth.mfa.signals import authenticator_added, authenticator_removed
        from allauth.socialaccount.signals import social_account_added

        from accounts import checks, receivers  # noqa: F401
        from accounts.rules import NOTICES
        from notices.rules import KINDS

        KINDS.update(NOTICES)
        user_logged_in.connect(receivers.note_device)
        authenticator_added.connect(receivers.end_other_sessions)
        authenticator_removed.connect(receivers.end_other_sessions)
        social_account_added.connect(receivers.note_connection)


class StaffAdminConfig(admin_apps.AdminConfig):
    """Django's admin behind a second factor; stands in INSTALLED_APPS instead of django.contrib.admin."""

    default = False
    default_site = "accounts.sites.StaffSite"
