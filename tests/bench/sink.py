"""The mail server of a bench: the least that speaks SMTP, in a process of its own. It drops what it takes and counts.

Like every relay of today it reads ahead (RFC 2920) for whoever makes use of that.

HELP is answered with letters, recipients and the smallest letter in bytes; RSET forgets them.
"""

import os
import smtplib
import socketserver
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

PORT = "BENCH_SINK"  # in the environment of whoever sends


class Conversation(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True  # its answers are written one by one
    recipients: Counter[bytes] = Counter()
    sizes: Counter[int] = Counter()

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        recipient = b""
        while line := self.rfile.readline():
            match line[:4].upper():
                case b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    self._keep(recipient)
                case b"EHLO":
                    self.wfile.write(b"250-sink\r\n250 PIPELINING\r\n")
                    continue
                case b"RCPT":
                    recipient = line[8:].strip()
                case b"HELP":
                    counts = (self.recipients.total(), len(self.recipients), min(self.sizes, default=0))
                    self.wfile.write(b"214 %d %d %d\r\n" % counts)
                    continue
                case b"RSET":
                    self.recipients.clear()
                    self.sizes.clear()
                case b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
            self.wfile.write(b"250 OK\r\n")

    def _keep(self, recipient: bytes) -> None:
        size = 0
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            size += len(line)
        self.recipients[recipient] += 1
        self.sizes[size] += 1


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def a_sink() -> Iterator[None]:
    """Processes that start meanwhile find it by `port`."""
    with subprocess.Popen([sys.executable, "-m", "tests.bench.sink"], stdout=subprocess.PIPE, text=True) as process:
        os.environ[PORT] = process.stdout.readline().strip()
        try:
            yield
        finally:
            process.terminate()


def port() -> int:
    return int(os.environ[PORT])


def reset() -> None:
    _asked("RSET")


def counts() -> list[int]:
    """Letters, recipients, the smallest letter in bytes."""
    return [int(number) for number in _asked("HELP").split()]


def _asked(word: str) -> str:
    with smtplib.SMTP("127.0.0.1", port()) as smtp:
        return smtp.docmd(word)[1].decode()


if __name__ == "__main__":
    with Sink(("127.0.0.1", 0), Conversation) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
