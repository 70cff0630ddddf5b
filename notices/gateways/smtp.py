"""E-mail. One connection serves a batch; after a drop the next message opens another."""

import smtplib
import ssl
from contextlib import ExitStack, suppress
from email.utils import formataddr, formatdate, parseaddr
from functools import lru_cache
from types import TracebackType
from typing import NamedTuple, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core import outbound
from notices.gateways.attachments import contents
from notices.gateways.base import Accepted, Message, Misconfigured, NotAccepted, Refused, Temporary
from notices.gateways.mime import letter

Reply = tuple[int, bytes]
GO_ON = 354
CLOSING = 421  # "service not available, closing channel": may answer any command


class Smtp:
    def __init__(self) -> None:
        self._connection = ExitStack()
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def deliver(self, message: Message) -> Accepted:
        letter = compose(message)
        try:
            smtp, first = self._begin(letter)
            _introduce(smtp, letter, first)
            return _hand_over(smtp, letter)
        except NotAccepted:
            self._forget_letter()
            raise
        except OSError as lost:  # every exception of smtplib is one
            # After DATA the letter may be in the mailbox already: the repeat carries the same Message-ID.
            self._close()
            raise Temporary(_name(lost), everyone=isinstance(_reason(lost), TimeoutError)) from lost

    def _begin(self, letter: "Letter") -> tuple[smtplib.SMTP, Reply]:
        """The answer to MAIL. A server may end a connection after so many letters: that costs nobody a try."""
        if self._smtp is not None:
            try:
                return self._smtp, _knock(self._smtp, letter)
            except OSError:
                self._close()
        self._smtp = self._open()
        self._smtp.ehlo_or_helo_if_needed()
        return self._smtp, _knock(self._smtp, letter)

    def _open(self) -> smtplib.SMTP:
        door = outbound.smtp_connection(
            settings.EMAIL_HOST,
            settings.EMAIL_PORT,
            user=settings.EMAIL_HOST_USER,
            password=settings.EMAIL_HOST_PASSWORD,
            security=_security(),
            timeout=settings.EMAIL_TIMEOUT,
        )
        try:
            return self._connection.enter_context(door)
        except outbound.HostNotAllowed as error:
            raise Misconfigured(str(error), everyone=True) from error
        except outbound.SmtpRefused as error:  # the greeting or the password
            final = error.smtp_code >= 500
            raise (Misconfigured if final else Temporary)(f"no entry: {error.smtp_code}", everyone=True) from error
        except OSError as error:
            ours = isinstance(_reason(error), (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError))
            raise (Misconfigured if ours else Temporary)(_name(error), everyone=True) from error

    def _forget_letter(self) -> None:
        """After a refusal the connection serves the next letter, if the server has not hung up."""
        if self._smtp is not None:
            try:
                self._smtp.rset()
            except OSError:
                self._close()

    def _close(self) -> None:
        self._smtp = None
        with suppress(OSError):
            self._connection.close()


class Letter(NamedTuple):
    sender: str
    recipient: str
    body: bytes  # in ASCII; no line begins with a dot

    @property
    def envelope(self) -> tuple[str, str, str]:
        return f"MAIL FROM:<{self.sender}>\r\n", f"RCPT TO:<{self.recipient}>\r\n", "DATA\r\n"


def compose(message: Message) -> Letter:
    """No header holds a line break, so nothing can add one. Raises Refused."""
    try:
        mailbox, sender = _sender(message.sender or settings.DEFAULT_FROM_EMAIL)
        recipient = _in_ascii(message.to)
        headers = (
            ("Subject", message.subject),
            ("From", mailbox),
            ("To", recipient),
            ("Date", formatdate()),
            ("Message-ID", f"<{message.key}@{sender.rpartition('@')[2]}>"),
            ("Auto-Submitted", "auto-generated"),  # RFC 3834: holiday answers stay at home
            ("Content-Language", message.language),
        )
        files = contents(message.attachments)
        return Letter(sender, recipient, letter(headers, text=message.text, html=message.html, files=files))
    except (ValueError, ValidationError) as error:
        raise Refused(f"cannot be written as a letter: {type(error).__name__}") from error


@lru_cache(maxsize=100)
def _sender(text: str) -> tuple[str, str]:
    """«Мой полис <portal@…>» as a header carries it, and the address alone. Raises ValidationError."""
    name, address = parseaddr(text)
    return formataddr((name, _in_ascii(address))), _in_ascii(address)


def _in_ascii(address: str) -> str:
    """A Cyrillic domain in the form the wire understands. Raises ValidationError for what is not one address."""
    validate_email(address)
    name, at, domain = address.rpartition("@")
    return f"{name}{at}{_domain(domain)}"


@lru_cache(maxsize=1000)
def _domain(name: str) -> str:
    return name.encode("idna").decode()


# Not smtplib's own commands: they parse each address anew, look through the letter for dots and wait for each answer.
def _knock(smtp: smtplib.SMTP, letter: Letter) -> Reply:
    """MAIL; where the server reads ahead (RFC 2920) the whole envelope. The answer to MAIL, not judged yet."""
    commands = letter.envelope if smtp.has_extn("pipelining") else letter.envelope[:1]
    smtp.send("".join(commands))
    return smtp.getreply()


def _introduce(smtp: smtplib.SMTP, letter: Letter, first: Reply) -> None:
    """MAIL, RCPT and DATA are granted, or the first refusal is raised."""
    if not smtp.has_extn("pipelining"):
        _expect(first, ours=True)
        for command in letter.envelope[1:]:
            smtp.send(command)
            _expect(smtp.getreply())
        return
    mail, recipient, data = first, smtp.getreply(), smtp.getreply()
    if data[0] == GO_ON and max(mail[0], recipient[0]) >= 400:
        smtp.docmd(".")  # it waits for a letter to nobody
    _expect(mail, ours=True)
    _expect(recipient)
    _expect(data)


def _hand_over(smtp: smtplib.SMTP, letter: Letter) -> Accepted:
    """`sendmail` would hide the final answer, which names the letter in the server's own log."""
    smtp.send(letter.body + b".\r\n")
    reply = smtp.getreply()
    answer = _expect(reply)
    return Accepted(provider_id=answer.partition("queued as ")[2], answer=f"{reply[0]} {answer}")


def _expect(reply: Reply, *, ours: bool = False) -> str:
    """550 and 451 come at the same place: only the code tells them apart. `ours`: the command named our sender."""
    code, words = reply
    text = words.decode(errors="replace")
    if code == CLOSING:
        raise smtplib.SMTPServerDisconnected(text)
    if code >= 500:
        raise (Misconfigured if ours else Refused)(f"{code} {text}")
    if code >= 400:
        raise Temporary(f"{code} {text}")
    return text


def _name(error: Exception) -> str:
    return f"no answer: {type(_reason(error)).__name__}"


def _reason(error: BaseException) -> BaseException:
    """smtplib makes a time-out into "disconnected", core.outbound everything into Unreachable: look behind them."""
    return error.__cause__ or error.__context__ or error


def _security() -> outbound.Security:
    if settings.EMAIL_USE_SSL:
        return "tls"
    return "starttls" if settings.EMAIL_USE_TLS else "none"
