"""Reads files as the check does, in a process that may have one gigabyte: `python -m tests.policies.reader`.

A path on each line of the standard input, an answer in JSON on each line of the output.
"""

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

import django

GIGABYTE = 1 << 30


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (GIGABYTE, GIGABYTE))
    for line in sys.stdin:
        began = time.process_time()
        answer = read(Path(line.strip()))
        sys.stdout.write(json.dumps({"answer": answer, "seconds": time.process_time() - began}) + "\n")
        sys.stdout.flush()


def read(path: Path) -> str:
    """The reason why it is no register, or how many rows can be taken of how many there are."""
    from policies.gateways.register_files import open_table
    from policies.rules.register_rows import RowReader
    from policies.rules.registers import Unreadable

    try:
        with path.open("rb") as file:
            table = open_table(file)
            reader = RowReader(table.header, region="KZ", today=date(2026, 11, 21))
            readings = (reader.read(number, cells) for number, cells in table.lines)
            right = [not reading.errors for reading in readings if reading]
    except Unreadable as problem:
        return problem.reason
    return f"{sum(right)} of {len(right)}"


if __name__ == "__main__":
    django.setup()
    main()
