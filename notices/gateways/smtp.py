"""E-mail. One connection serves a batch; after a drop the next message opens another."""

import smtplib
import ssl
from contextlib import ExitStack, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core import outbound
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
        sender, recipient = (letter[header].addresses[0].addr_spec for header in ("From", "To"))
        try:
            smtp = self._begin(sender)
            _expect(smtp.rcpt(recipient))
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
                _expect(self._smtp.mail(sender), ours=True)
                return self._smtp
            except OSError:
                self._close()
        self._smtp = self._open()
        self._smtp.ehlo_or_helo_if_needed()
        _expect(self._smtp.mail(sender), ours=True)
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


def compose(message: Message) -> EmailMessage:
    """The address and header classes of the standard library refuse a line break, so nothing can add a header."""
    try:
        name, sender = parseaddr(message.sender or settings.DEFAULT_FROM_EMAIL)
        letter = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
        letter["From"] = Address(name, addr_spec=_in_ascii(sender))
        letter["To"] = Address(addr_spec=_in_ascii(message.to))
        letter["Subject"] = message.subject
        letter["Date"] = formatdate()
        letter["Message-ID"] = f"<{message.key}@{sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday answers stay at home
        letter.set_content(message.text)
        letter.add_alternative(message.html, subtype="html")
        letter["Content-Language"] = message.language  # after the parts: the first would take it for itself
    except (ValueError, ValidationError) as error:
        raise Refused(f"cannot be written as a letter: {type(error).__name__}") from error
    return letter


def _in_ascii(address: str) -> str:
    """A Cyrillic domain in the form the wire understands. Raises ValidationError for what is not one address."""
    validate_email(address)
    mailbox, at, domain = address.rpartition("@")
    return f"{mailbox}{at}{domain.encode('idna').decode()}"


def _hand_over(smtp: smtplib.SMTP, letter: EmailMessage) -> Accepted:
    """`sendmail` would hide the final answer, which names the letter in the server's own log."""
    try:
        reply = smtp.data(letter.as_bytes())
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
