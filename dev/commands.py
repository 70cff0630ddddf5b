"""How the processes of the product are started: by `make demo`, and by the tests that kill them."""

import sys
from pathlib import Path

Command = list[str | Path]


def web(port: int, *, workers: int, interface: str = "wsgi", application: str = "portal.wsgi:application") -> Command:
    """A worker that dies is replaced; without that Granian ends, and with it the requests of the other workers."""
    return [
        sys.executable, "-m", "granian", f"--interface={interface}", f"--workers={workers}", "--host=127.0.0.1",
        f"--port={port}", "--workers-kill-timeout=2", "--respawn-failed-workers", application,
    ]  # fmt: skip


def live(port: int, *, workers: int) -> Command:
    return web(port, workers=workers, interface="asginl", application="portal.asgi:application")


def worker(*queues: str, name: str, app: str = "portal") -> Command:
    return [
        sys.executable, "-m", "celery", f"--app={app}", "worker", "--pool=threads", "--concurrency=2",
        "--loglevel=INFO", f"--queues={','.join(queues)}", f"--hostname={name}@%h", "--without-mingle", "--without-gossip",
    ]  # fmt: skip


def beat(schedule: Path) -> Command:
    return [sys.executable, "-m", "celery", "--app=portal", "beat", f"--schedule={schedule}", "--pidfile="]
