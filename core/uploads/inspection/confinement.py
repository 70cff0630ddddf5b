"""What the process that decodes may use. It sets its own limits before it has read a byte (U5)."""

import ctypes
import resource
import signal

from core.uploads.inspection import MIB

MOST_MEMORY = 1024 * MIB
MOST_SECONDS = 20  # of CPU
MOST_WRITTEN = 128 * MIB  # the copy; the sent file has 20 MB at most
MOST_OPEN = 64  # files

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG = 1


def confine() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_NOFILE, MOST_OPEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # a worker that is killed leaves nobody at work
    libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)  # no network; a machine that forbids it (Docker) goes on without
