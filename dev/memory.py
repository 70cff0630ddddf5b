"""What an embedded server remembers between two starts: secrets and ports, as one small file in its state folder."""

import json
import secrets
import socket
from pathlib import Path
from typing import Any


def secret(state: Path, name: str) -> str:
    """A random value, made once."""
    known = read(state)
    if name not in known:
        write(state, known | {name: secrets.token_urlsafe(40)})
    return str(read(state)[name])


def port(state: Path, name: str, preferred: int = 0) -> int:
    """The port of the last start while it is free, so that bookmarks and letters keep working."""
    known = read(state)
    for candidate in (known.get(name, 0), preferred):
        if candidate and is_free(candidate):
            break
    else:
        candidate = a_free_port()
    write(state, known | {name: candidate})
    return int(candidate)


def is_free(number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: TIME_WAIT is no occupant
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read(state: Path) -> dict[str, Any]:
    path = state / "state.json"
    return json.loads(path.read_text()) if path.exists() else {}


def write(state: Path, known: dict[str, Any]) -> None:
    path = state / "state.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(known, indent=1))
