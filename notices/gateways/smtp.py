"""E-mail. One connection serves a batch; after a drop the next message opens another."""

import smtplib
import ssl
from contextlib import ExitStack, suppress
from email.utils import formataddr, formatdate, parseaddr
from types import TracebackType
from typing import NamedTuple, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email

from core import outbound
from notices.gateways.attachments import contents
from notices.gateways.base import Accepted, Message, Misconfigured, NotAccepted, Refused, Temporary

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
            smtp = self._begin(letter.sender)
            _expect(smtp.rcpt(letter.recipient))
            return _hand_over(smtp, letter)
        except NotAccepted:
            self._forget_letter()
            raise
        except OSError as lost:  # every exception of smtplib is one
            # After DATA the letter may be in the mailbox already: the repeat carries the same Message-ID.
            self._close()
            raise Temporary(_name(lost), everyone=isinstance(_reason(lost), TimeoutError)) from lost

    def _begin(self, sender: str) -> smtplib.SMTP:
        """MAIL. A server may end a connection after so many letters: that costs nobody a try."""
        if self._smtp is not None:
            try:
                _mail(self._smtp, sender)
                return self._smtp
            except OSError:
                self._close()
        self._smtp = self._open()
        self._smtp.ehlo_or_helo_if_needed()
        _mail(self._smtp, sender)
        return self._smtp

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
    body: bytes


def compose(message: Message) -> Letter:
    """Django's classes refuse a line break in a header, so nothing can add one. Raises Refused."""
    try:
        name, address = parseaddr(message.sender or settings.DEFAULT_FROM_EMAIL)
        sender, recipient = _in_ascii(address), _in_ascii(message.to)
        headers = {
            "Date": formatdate(),
            "Message-ID": f"<{message.key}@{sender.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: holiday answers stay at home
            "Content-Language": message.language,
        }
        mail = EmailMultiAlternatives(
            message.subject, message.text, formataddr((name, sender)), [recipient], headers=headers
        )
        mail.attach_alternative(message.html, "text/html")
        for file_name, content in contents(message.attachments):
            mail.attach(file_name, content)
        body = mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own argument
        return Letter(sender, recipient, body)
    except (ValueError, ValidationError) as error:
        raise Refused(f"cannot be written as a letter: {type(error).__name__}") from error


def _in_ascii(address: str) -> str:
    """A Cyrillic domain in the form the wire understands. Raises ValidationError for what is not one address."""
    validate_email(address)
    mailbox, at, domain = address.rpartition("@")
    return f"{mailbox}{at}{domain.encode('idna').decode()}"


def _mail(smtp: smtplib.SMTP, sender: str) -> None:
    _expect(smtp.mail(sender, ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else []), ours=True)


def _hand_over(smtp: smtplib.SMTP, letter: Letter) -> Accepted:
    """`sendmail` would hide the final answer, which names the letter in the server's own log."""
    try:
        reply: tuple[int, bytes | str] = smtp.data(letter.body)
    except smtplib.SMTPDataError as refusal:
        reply = refusal.smtp_code, refusal.smtp_error
    answer = _expect(reply)
    return Accepted(provider_id=answer.partition("queued as ")[2], answer=f"{reply[0]} {answer}")


def _expect(reply: tuple[int, bytes | str], *, ours: bool = False) -> str:
    """550 and 451 come at the same place: only the code tells them apart. `ours`: the command named our sender."""
    code, words = reply
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
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
