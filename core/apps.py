from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core.grants import grant_to_web

        post_migrate.connect(grant_to_web, sender=self)
