"""clamd, as much of it as INSTREAM needs. It knows one virus, which is none: EICAR's test file."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
ANSWERS = {"ERROR": b"INSTREAM size limit exceeded. ERROR\0", "nonsense": b"HTTP/1.1 400 Bad Request\r\n"}


class Clamd(socketserver.ThreadingTCPServer):
    """`mood`: nothing, ERROR, nonsense, hangs up (says nothing), gone (nobody takes the connection)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.heard: list[bytes] = []
        self.mood = ""

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.shutdown()
        self.server_close()

    @contextmanager
    def in_the_mood(self, mood: str) -> Iterator[None]:
        self.mood = mood
        yield
        self.mood = ""


class Conversation(socketserver.StreamRequestHandler):
    server: Clamd

    def handle(self) -> None:
        if self.server.mood in ("gone", "hangs up"):
            return
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.heard.append(content)
        clean = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        self.wfile.write(ANSWERS.get(self.server.mood, clean))
