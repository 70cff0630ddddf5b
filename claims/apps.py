"""Claims: what is due after an insured event."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("Payout claims")

    def ready(self) -> None:
        from claims.queries.sights import OURS
        from claims.rules.letters import NOTICES
        from core.rows.sights import GIVEN, SIGHTS
        from notices.rules import KINDS

        SIGHTS.update(OURS)
        GIVEN.update({"claim_keys", "item_keys"})
        KINDS.update(NOTICES)
