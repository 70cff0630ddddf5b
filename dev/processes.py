"""Children of a command: started with a log each, ended together, recognised when an earlier start left them behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TypedDict

MARK = "PORTAL_STATE"  # in the environment of every child: which state folder it serves
PATIENCE = 15  # seconds for a clean end before SIGKILL


class Stop(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


class DidNotStart(Exception):
    """Carries the tail of the log: the only place where the reason stands."""


def stop_on_signals() -> None:
    """Also where a shell's background job ignores Ctrl-C. The second signal does not disturb the clean-up of the first."""

    def stop(number: int, frame: FrameType | None) -> None:
        for ignored in SIGNALS:
            signal.signal(ignored, signal.SIG_IGN)
        raise Stop

    for number in SIGNALS:
        signal.signal(number, stop)


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.has_ended():
            return
        self.process.send_signal(how)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def tail(self, lines: int = 25) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    state: Path,
    environment: Mapping[str, str],
    uid: int | None = None,
    own_session: bool = False,
) -> Child:
    """`own_session` keeps Ctrl-C from reaching a server before those who use it have ended."""
    log = state / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env={**environment, MARK: str(state)}, start_new_session=own_session, **identity(uid),
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    return Child(name, process, log)


class Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]
    cwd: str


def identity(uid: int | None) -> Identity:
    """Arguments for a child that runs as another user, who may not even enter the present folder."""
    return {} if uid is None else {"user": uid, "group": uid, "extra_groups": [], "cwd": "/"}


def wait_until(is_ready: Callable[[], bool], child: Child, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_ready():
        if child.has_ended() or time.monotonic() > deadline:
            child.end(signal.SIGKILL)
            raise DidNotStart(f"{child.name} did not start. The end of {child.log}:\n{child.tail()}")
        time.sleep(0.05)


def end_leftovers(state: Path) -> None:
    """After a SIGKILL or a power cut nobody ended the children. Only processes that carry our mark are touched."""
    left = list(marked(state))
    for how in (signal.SIGTERM, signal.SIGINT):  # PostgreSQL waits for its sessions on the first, not on the second
        for pid in left:
            signal_if_alive(pid, how)
    deadline = time.monotonic() + PATIENCE
    while left and time.monotonic() < deadline:
        left = [pid for pid in left if pid in set(marked(state))]
        time.sleep(0.05)
    for pid in left:
        signal_if_alive(pid, signal.SIGKILL)


def marked(state: Path) -> Iterator[int]:
    wanted = f"{MARK}={state}".encode()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in environment.read_bytes().split(b"\0"):
                yield int(environment.parent.name)
        except OSError:  # somebody else's, or gone meanwhile
            continue


def signal_if_alive(pid: int, how: signal.Signals) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return
