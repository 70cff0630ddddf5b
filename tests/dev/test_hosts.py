"""Whoever installs decides where packages come from: no file of ours names an index or its host."""

from pathlib import Path

import pytest

from dev.checks.hosts import offences, tracked


def test_no_tracked_file_names_a_package_index() -> None:
    assert [(path, line) for path in tracked() for line in offences(path)] == []


@pytest.mark.parametrize(
    "line",
    [
        "https://" + "pypi" + ".org/simple",
        "files." + "pythonhosted" + ".org",
        '"resolved": "https://registry.' + "npmjs" + '.org/htmx"',
        "<script src=https://" + "unpkg" + ".com/htmx>",
        "--index" + "-url=https://packages.example.kz/simple",
        "--extra-index" + "-url https://packages.example.kz/simple",
    ],
)
def test_each_way_to_name_one_is_found(line: str, tmp_path: Path) -> None:
    file = tmp_path / "file.txt"
    file.write_text(f"first\n{line}\n")
    assert [number for number, _text in offences(file)] == [2]


@pytest.mark.parametrize("line", ["uv pip compile --no-emit-index-url", "a package on PyPI", "npm audit"])
def test_speaking_of_packages_is_allowed(line: str, tmp_path: Path) -> None:
    file = tmp_path / "file.txt"
    file.write_text(line)
    assert list(offences(file)) == []
