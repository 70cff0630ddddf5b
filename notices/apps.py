from django.apps import AppConfig
from django.core import checks


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        from notices.checks import check_production, check_settings

        checks.register(check_settings)
        checks.register(check_production, deploy=True)
