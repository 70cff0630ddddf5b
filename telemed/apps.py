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
        from telemed import checks as ours
        from telemed.queries.sights import OURS
        from telemed.rules.notices import AFTERWARDS, NOTICES, OF_A_REQUEST

        SIGHTS.update(OURS)
        GIVEN.update({"attends", "takes_from"})
        KINDS.update(NOTICES | OF_A_REQUEST | AFTERWARDS)
        checks.register(ours.check_relay)
        checks.register(ours.check_telephone)
        checks.register(ours.check_relay_is_there, deploy=True)
        checks.register(ours.check_telephone_is_there, deploy=True)
        checks.register(ours.check_seals_are_of_somebody, checks.Tags.database)
