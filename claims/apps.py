"""Claims: what is due after an insured event."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("Payout claims")

    def ready(self) -> None:
        from claims.queries.sights import OURS
        from claims.receivers import follow_calendar, look_ahead
        from claims.rules.letters import NOTICES
        from core.calendar_edits import edited, looked_ahead
        from core.rows.sights import GIVEN, SIGHTS
        from notices.rules import KINDS

        SIGHTS.update(OURS)
        GIVEN.update({"claim_keys", "item_keys"})
        KINDS.update(NOTICES)
        looked_ahead.connect(look_ahead, dispatch_uid="claims")
        edited.connect(follow_calendar, dispatch_uid="claims")
