from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from telemed.services.doctors import publish_doctors


class Command(BaseCommand):
    help = "Publish a medical organisation and its doctors from a data file. Each doctor then needs a staff_link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, help="TOML files, one an organisation")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            for doctor in publish_doctors(path=path, now=timezone.now()):
                self.stdout.write(f"{doctor.full_name}: {doctor.get_speciality_display()}")
