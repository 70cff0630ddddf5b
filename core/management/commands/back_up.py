from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.backups import forget_old_backups, make_backup
from core.postgres_tools import NoTool


class Command(BaseCommand):
    help = "Write the database and the files as a new backup into FOLDER, and print its path. Needs OWNER_DATABASE_URL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keep", type=int, help="how many of the newest backups stay; without it all stay")

    def handle(self, *args: Any, folder: Path, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep is 1 or more: the new backup stays in any case.")
        try:
            self.stdout.write(f"{make_backup(folder=folder, now=timezone.now())}")
        except NoTool as error:
            raise CommandError(str(error)) from error
        if keep:
            forget_old_backups(folder=folder, keep=keep)
