from typing import Any

from django.core.management.base import BaseCommand

from accounts import services


class Command(BaseCommand):
    help = "Seal the secrets of authenticators with the newest SECRET_KEY. Run it before a fallback is taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{services.reseal_authenticators()} authenticators sealed anew")
