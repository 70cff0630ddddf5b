"""What an inspection says of a file, and what it costs the machine."""

import io
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from core.uploads.inspection import Kind, Refusal, Refused
from core.uploads.inspector import inspected

Verdict = Kind | Refusal


def verdict_on(content: bytes) -> tuple[Verdict, bytes]:
    """And the copy, if there is one."""
    try:
        with inspected(io.BytesIO(content)) as (kind, copy):
            return kind, copy.read_bytes()
    except Refused as refused:
        return refused.refusal, b""


# What the kernel tells of a process that has ended counts the test's own memory in, which it had before it began.
TELLS = (
    "import atexit, pathlib, runpy, sys; "
    "told = pathlib.Path(sys.argv[1]).with_name('told'); "
    "atexit.register(lambda: told.write_text(pathlib.Path('/proc/self/status').read_text())); "
    "runpy.run_module('core.uploads.inspection', run_name='__main__')"
)


class Costs:
    """What the last inspection used of the machine: seconds of CPU, bytes at most at a time."""

    def __init__(self) -> None:
        self.seconds = self.memory = 0.0

    def run(
        self, command: list[str], *, timeout: float, check: bool, **options: Any
    ) -> subprocess.CompletedProcess[bytes]:
        """Instead of subprocess.run."""
        program, _m, _module, copy = command
        process = subprocess.Popen([program, "-c", TELLS, copy], **options)
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = used.ru_utime + used.ru_stime
        self.memory = int(re.findall(r"VmHWM:\s+(\d+) kB", Path(copy).with_name("told").read_text())[0]) * 1024
        return subprocess.CompletedProcess(command, process.returncode)
