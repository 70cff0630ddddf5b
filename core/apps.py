from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Calendar and audit trail")

    def ready(self) -> None:
        from core.checks import check_database_role, check_document_libraries, check_time_zones
        from core.grants import grant_to_web

        post_migrate.connect(grant_to_web, sender=self)
        checks.register(check_time_zones)
        checks.register(check_document_libraries)
        checks.register(check_database_role, checks.Tags.database)
