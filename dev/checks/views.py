"""Views load through `visible_to` and queries and write through services: neither `.objects` nor `.save()` stands in them."""

import ast
import sys
from collections.abc import Iterator

from dev.places import ROOT

APPS = ("portal", "activation", "policies", "accounts", "notices", "core", "claims", "telemed", "clinics")
BARE = {"objects", "_default_manager", "_base_manager"}
WRITES = {"save", "bulk_create", "bulk_update"}


def main() -> int:
    files = [path for app in APPS for path in (*(ROOT / app).glob("views.py"), *(ROOT / app).glob("views/**/*.py"))]
    found = [f"{path.relative_to(ROOT)}:{line}: {what}" for path in files for line, what in offences(path.read_text())]
    print("\n".join(found))
    return len(found)


def offences(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in BARE:
            yield node.lineno, f".{node.attr} belongs into models.py or queries.py"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            yield node.lineno, f".{node.func.attr}() belongs into services.py"


if __name__ == "__main__":
    sys.exit(min(main(), 1))
