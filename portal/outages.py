"""Faults that pass by themselves or by an operator's hand: whoever meets one is asked to come back, not told of a mistake."""

import errno

from django.db import InterfaceError, OperationalError

RETRY_AFTER = 15  # seconds: a restarted PostgreSQL answers within them
RETRY_AFTER_FULL_DISK = 600  # seconds: somebody has to make room
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def is_database_away(fault: BaseException | None) -> bool:
    """It restarts, refuses sessions, gave up waiting for a lock, or cut this session: nothing was committed, or all was."""
    return isinstance(fault, OperationalError | InterfaceError)


def is_disk_full(fault: BaseException | None) -> bool:
    return isinstance(fault, OSError) and fault.errno in NO_ROOM
