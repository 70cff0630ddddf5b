"""ClamAV's own protocol (clamd, INSTREAM): a file goes there, a word comes back. Off without CLAMAV_HOST (U7)."""

import struct
from typing import IO

from django.conf import settings

from core import outbound

CHUNK = 64 * 1024  # bytes
SECONDS = 30.0  # for each step of the conversation


def check(file: IO[bytes]) -> bool:
    """False: there is a virus in it. True also where no antivirus is configured.

    Raise outbound.Unreachable where there is no word about it, so that the file waits and never passes.
    """
    if not settings.CLAMAV_HOST:
        return True
    with outbound.conversation(settings.CLAMAV_HOST, settings.CLAMAV_PORT, timeout=SECONDS) as daemon:
        daemon.write(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            daemon.write(struct.pack("!I", len(chunk)) + chunk)
        daemon.write(struct.pack("!I", 0))
        daemon.flush()
        answer = daemon.read(1024).rstrip(b"\0\n")
    if answer.endswith(b" FOUND"):
        return False
    if answer == b"stream: OK":
        return True
    raise outbound.Unreachable(f"clamd says {answer!r}")
