"""Activation: from an ID to an open cabinet.

Answers `accounts.passwords.own_words_asked` with what the account has declared, and `accounts.adapters.identity_shown` with
how many policies that person's IIN has added.

Hears Django's `user_logged_in`: signing in finishes what the account's confirmed address waits for.
"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivationConfig(AppConfig):
    name = "activation"
    verbose_name = _("Activation")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts.adapters import identity_shown
        from accounts.passwords import own_words_asked
        from activation.queries import words_of_declarations
        from activation.rules.notices import NOTICES
        from activation.services.finish import finish_on_sign_in
        from activation.services.national import attach_what_is_theirs
        from notices.rules import KINDS

        KINDS.update(NOTICES)
        own_words_asked.connect(words_of_declarations)
        user_logged_in.connect(finish_on_sign_in)
        identity_shown.connect(attach_what_is_theirs)
