"""Activation: from an ID to an open cabinet.

Hears Django's `user_logged_in`: signing in finishes what the account's confirmed address waits for.
"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivationConfig(AppConfig):
    name = "activation"
    verbose_name = _("Activation")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from activation.services.finish import finish_on_sign_in

        user_logged_in.connect(finish_on_sign_in)
