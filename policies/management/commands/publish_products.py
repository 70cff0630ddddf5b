from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from policies.services.products import publish_file

PRODUCTS = Path(__file__).resolve().parents[2] / "products"


class Command(BaseCommand):
    help = "Publish insurers and products from their data files. What has not changed is not published again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="TOML files; all of policies/products/ by default")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"] or sorted(PRODUCTS.glob("*.toml")):
            for version in publish_file(path=path):
                self.stdout.write(f"published {version.product.code} v{version.number}")
