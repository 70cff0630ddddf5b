from django.apps import AppConfig
from django.core import checks


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal.checks import check_exposure, check_stores, check_watching

        for check in (check_exposure, check_stores, check_watching):
            checks.register(check, deploy=True)
