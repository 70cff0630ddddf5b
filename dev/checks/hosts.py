"""No tracked file names a package index or a package CDN: whoever installs decides where from."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from dev.places import ROOT

# The `\b` matches before the dot and keeps this file from naming them itself.
HOSTS = (
    r"pypi\b.org",
    r"pythonhosted\b.org",
    r"npmjs\b.(org|com)",
    r"yarnpkg\b.com",
    r"unpkg\b.com",
    r"jsdelivr\b.net",
)
INDEX_OPTION = r"(?<![\w-])--?(extra-)?index-url\s*[= ]\s*\S|(?<![\w-])--find-links[= ]"
FORBIDDEN = re.compile("|".join((*HOSTS, INDEX_OPTION)), re.IGNORECASE)


def main() -> int:
    found = [f"{path.relative_to(ROOT)}:{number}: {text}" for path in tracked() for number, text in offences(path)]
    print("\n".join(found))
    return len(found)


def tracked() -> Iterator[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return (path for name in names.split("\0") if name and (path := ROOT / name).is_file())


def offences(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if FORBIDDEN.search(line):
            yield number, line.strip()[:120]


if __name__ == "__main__":
    sys.exit(min(main(), 1))
