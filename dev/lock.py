"""`make lock`: the lists in pyproject.toml become requirements/*.txt with hashes. No file names an index or its host."""

import subprocess
import sys

from dev.places import REQUIREMENTS, ROOT, VENV

GROUPS = {
    "check": ["demo", "test", "check"],  # the largest first: the others take its versions
    "test": ["demo", "test"],
    "demo": ["demo"],
    "base": [],
    "installer": ["installer"],
}


def main(options: list[str]) -> None:
    for name, groups in GROUPS.items():
        lock = REQUIREMENTS / f"{name}.txt"
        source = [f"--group={group}" for group in groups]
        if name != "installer":
            source.append("pyproject.toml")
        if name not in ("check", "installer"):
            source.append(f"--constraints={REQUIREMENTS / 'check.txt'}")
        subprocess.run(
            [
                VENV / "bin/uv", "pip", "compile", "--quiet", *source, *options, "--output-file", lock,
                "--universal", "--python-version=3.11", "--generate-hashes",
                "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate",
            ],
            cwd=ROOT, check=True,
        )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])  # --upgrade takes the newest versions
