from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.backups import BadBackup, restore_backup
from core.postgres_tools import NoTool


class Command(BaseCommand):
    help = (
        "Restore BACKUP into an empty database (OWNER_DATABASE_URL) and empty ORIGINALS_DIR, DERIVATIVES_DIR; compare."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path)

    def handle(self, *args: Any, backup: Path, **options: Any) -> None:
        try:
            manifest = restore_backup(backup=backup)
        except (BadBackup, NoTool) as error:
            raise CommandError(str(error)) from error
        rows = sum(facts[0] for facts in manifest.tables.values())
        self.stdout.write(
            f"Restored as of {manifest.made_at}: {len(manifest.tables)} tables with {rows} rows, "
            f"{len(manifest.files)} files. Counts and digests are those of the backup."
        )
