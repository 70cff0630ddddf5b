from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Signals (core.calendar_edits): `looked_ahead` asks what an edit of the calendar would move, `edited` tells that it was
    made, in its transaction."""

    name = "core"
    verbose_name = _("Calendar and audit trail")

    def ready(self) -> None:
        from core import checks as ours
        from core.grants import grant_to_web
        from core.rows.sights import GIVEN
        from core.rows.upgrades import refuse_walls_while_served

        GIVEN.add("guest")  # uploads of somebody without an account: the public_id of their access
        pre_migrate.connect(refuse_walls_while_served, sender=self)
        post_migrate.connect(grant_to_web, sender=self)
        checks.register(ours.check_time_zones)
        checks.register(ours.check_document_libraries)
        checks.register(ours.check_antivirus)
        checks.register(ours.check_seals)
        checks.register(ours.check_inspection, deploy=True)
        checks.register(ours.check_database_role, checks.Tags.database)
