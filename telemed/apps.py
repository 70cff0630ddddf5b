"""Telemedicine: a doctor in minutes, or at a chosen time."""

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class TelemedConfig(AppConfig):
    name = "telemed"
    verbose_name = _("Telemedicine")

    def ready(self) -> None:
        from core.rows.sights import GIVEN, SIGHTS
        from notices.rules import KINDS
        from telemed.checks import check_relay, check_relay_is_there, check_telephone, check_telephone_is_there
        from telemed.queries.sights import OURS
        from telemed.rules.notices import AFTERWARDS, NOTICES, OF_A_REQUEST

        SIGHTS.update(OURS)
        GIVEN.update({"attends", "takes_from"})
        KINDS.update(NOTICES | OF_A_REQUEST | AFTERWARDS)
        checks.register(check_relay)
        checks.register(check_telephone)
        checks.register(check_relay_is_there, deploy=True)
        checks.register(check_telephone_is_there, deploy=True)
