from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from notices.checks import check_production, check_settings

        checks.register(check_settings)
        checks.register(check_production, deploy=True)
