"""The real coturn with the real deploy/turnserver.conf, moved to loopback: which is all that it may otherwise not reach."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev import memory, processes, system
from dev.places import ROOT

SECRET = "invented-" * 4


@contextmanager
def relay(folder: Path, port: int | None = None) -> Iterator[str]:
    """Its address, as TURN_URLS has it. `port`: where another one was before."""
    port = port or memory.a_free_port()
    configuration = (ROOT / "deploy/turnserver.conf").read_text()
    reachable = [line for line in configuration.splitlines() if not line.startswith("denied-peer-ip=127.")]
    (folder / "turnserver.conf").write_text("\n".join(reachable))
    child = processes.start(
        "turn",
        [
            system.find("turnserver") or "turnserver", "-c", folder / "turnserver.conf", f"--listening-port={port}",
            "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--allow-loopback-peers", "--realm=localhost",
            f"--static-auth-secret={SECRET}", "--no-tls", "--no-dtls", f"--userdb={folder}/turn.db",
            f"--pidfile={folder}/turn.pid",
        ],
        state=folder, environment={**os.environ, **system.unpacked_environment()},
    )  # fmt: skip
    try:
        processes.wait_until(lambda: answers(port), child)
        yield f"turn:127.0.0.1:{port}"
    finally:
        child.end()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True
