from typing import Any

from django.core.management.base import BaseCommand

from activation.services.declare import reseal_passports


class Command(BaseCommand):
    help = "Seal the declared passport numbers with the newest SECRET_KEY. Run it before a fallback is taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{reseal_passports()} passport numbers sealed anew")
