"""A mail server of our own. It keeps what it was given, also what it refuses to answer for."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

logging.getLogger("mail.log").setLevel(logging.ERROR)  # what the peer says of itself is not the product's log


class MailServer:
    """`mode`: accept, 451, 550, nobody (550, and 354 all the same), sender (550 on MAIL), content (554 after DATA), drop
    (after DATA), slow, busy (421), hangs_up (closes after each letter it has answered). `pause`: how slow, in seconds.
    `reads_ahead`: it says that it does (RFC 2920)."""

    def __init__(self) -> None:
        self.mode = "accept"
        self.reads_ahead = True  # as every relay of today
        self.pause = 1.0
        self.letters: list[EmailMessage] = []
        self.connections = 0
        self.hung_up = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Again after `stop`, on the same port."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        self.connections = 0  # the controller's own probe

    def stop(self) -> None:
        self._controller.stop()

    @contextmanager
    def away(self) -> Iterator[None]:
        """It is back afterwards, whatever happened meanwhile: others write letters too."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @property
    def keys(self) -> list[str]:
        """The Message-IDs in the order of arrival."""
        return [letter["Message-ID"] for letter in self.letters]

    def hang_up(self, transport: asyncio.Transport) -> None:
        transport.abort()
        self.hung_up += 1

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        greeting, *offers = responses
        return [greeting, "250-PIPELINING", *offers] if self.reads_ahead else responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.mode == "sender":
            return "550 5.7.1 we do not know you"
        if self.mode == "busy":
            return "421 4.3.2 closing"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.mode == "451":
            return "451 4.7.1 greylisted, try later"
        if self.mode == "550":
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "550 5.1.1 no such mailbox" if self.mode == "nobody" else "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.mode == "slow":
            await asyncio.sleep(self.pause)
        if self.mode == "drop":
            server.transport.abort()
        if self.mode == "hangs_up":
            asyncio.get_running_loop().call_later(0.05, self.hang_up, server.transport)
        if self.mode == "content":
            return "554 5.6.0 we do not like the text"
        return f"250 2.0.0 Ok: queued as {len(self.letters):06X}"
