"""The one door to other hosts. Only those in settings.OUTBOUND_HOSTS; every wait ends; a redirect is not followed.

Nothing else imports an HTTP or SMTP client or opens a socket. No call inside a transaction: a slow peer would hold our locks.
"""

import json
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from io import BufferedRWPair
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
from django.conf import settings

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
LARGEST_ANSWER = 64 * 1024  # bytes; the peers answer with a status, not with a document

Security = Literal["starttls", "tls", "none"]


class HostNotAllowed(Exception):
    """The host is missing from OUTBOUND_HOSTS, or the address is not https: a matter for whoever runs the portal."""


class Unreachable(OSError):
    """No complete answer in time. The peer may have acted all the same: repeat with the same idempotency key."""


class SmtpRefused(smtplib.SMTPResponseException):
    """The server answered with an error: `smtp_code` 4xx is for now, 5xx for good."""


@dataclass(frozen=True)
class Response:
    status: int
    text: str

    def json(self) -> Any:
        """Raises ValueError where the text is something else."""
        return json.loads(self.text)


def post_form(
    url: str, data: Mapping[str, str], *, timeout: float, basic: tuple[str, str] | None = None
) -> Response:  # fmt: skip
    """POST as application/x-www-form-urlencoded. `timeout`: seconds for the whole exchange. `basic`: name and password.

    Raises HostNotAllowed and Unreachable; any status, also 3xx and 5xx, is an answer.
    """
    return exchange("POST", url, timeout=timeout, data=dict(data), auth=basic)


def get(url: str, *, timeout: float, bearer: str = "") -> Response:
    """`bearer`: the token that opens the address. Seconds and exceptions as with `post_form`."""
    return exchange("GET", url, timeout=timeout, headers={"Authorization": f"Bearer {bearer}"} if bearer else {})


def exchange(method: str, url: str, *, timeout: float, **request: Any) -> Response:
    allow_url(url)
    deadline = time.monotonic() + timeout
    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False, verify=whom_we_trust()) as client,
            client.stream(method, url, **request) as answer,
        ):
            return Response(answer.status_code, read(answer, deadline))
    except httpx.HTTPError as error:
        raise Unreachable(str(error)) from error


@cache
def whom_we_trust() -> ssl.SSLContext:
    """The system's authorities, read once a process: to read them costs more than a whole exchange."""
    return ssl.create_default_context()


def read(answer: httpx.Response, deadline: float) -> str:
    """The time-outs of the client are for each read: a peer that drips byte by byte needs a deadline as well."""
    body = b""
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER or time.monotonic() > deadline:
            raise Unreachable("the answer is too long or too slow")
    return body.decode("utf-8", errors="replace")


@contextmanager
def smtp_connection(
    host: str, port: int, *, user: str = "", password: str = "", security: Security = "starttls", timeout: float
) -> Iterator[smtplib.SMTP]:
    """A connection ready for messages. `timeout`: seconds for each command.

    Raises HostNotAllowed, Unreachable and SmtpRefused, also for what happens to the commands inside the `with`.
    """
    allow_host(host)
    try:
        smtp = open_smtp(host, port, security, timeout)
        try:
            if user:
                smtp.login(user, password)
            yield smtp
        finally:
            with suppress(OSError):  # the messages are through: a server that forgets to say goodbye loses nothing
                smtp.quit()
    except smtplib.SMTPRecipientsRefused as error:
        raise SmtpRefused(*next(iter(error.recipients.values()))) from error
    except smtplib.SMTPResponseException as error:
        raise SmtpRefused(error.smtp_code, error.smtp_error) from error
    except OSError as error:  # smtplib's own exceptions are OSErrors too
        raise Unreachable(str(error)) from error


@contextmanager
def conversation(host: str, port: int, *, timeout: float) -> Iterator[BufferedRWPair]:
    """A connection to a service inside, for a protocol of its own. `timeout`: seconds for each reading and writing.

    Raises HostNotAllowed and Unreachable, also for what happens inside the `with`.
    """
    allow_host(host)
    try:
        with socket.create_connection((host, port), timeout=timeout) as connection, connection.makefile("rwb") as file:
            yield file
    except OSError as error:
        raise Unreachable(str(error)) from error


def open_smtp(host: str, port: int, security: Security, timeout: float) -> smtplib.SMTP:
    context = whom_we_trust()
    if security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
    smtp = smtplib.SMTP(host, port, timeout=timeout)
    if security == "starttls":
        smtp.starttls(context=context)
    return smtp


def allow_url(url: str) -> None:
    address = urlsplit(url)
    host = address.hostname or ""
    allow_host(host)
    if address.scheme != "https" and not (address.scheme == "http" and host in LOOPBACK):
        raise HostNotAllowed(f"{address.scheme}://{host}: https only")


def allow_host(host: str) -> None:
    if host not in settings.OUTBOUND_HOSTS:
        raise HostNotAllowed(f"{host} is not in OUTBOUND_HOSTS")
