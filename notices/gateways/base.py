"""The outside world behind one small interface. A gateway holds no business rule and writes no row."""

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from notices.rules import Attachment


@dataclass(frozen=True, slots=True)
class Message:
    """What leaves the house. `key` is the same at every try; `again` says that an earlier try may have arrived."""

    key: str
    to: str
    sender: str
    language: str
    subject: str
    text: str
    html: str
    again: bool
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side has taken the message over. `provider_id` is how it calls it, `answer` are its words."""

    provider_id: str = ""
    answer: str = ""


class NotAccepted(Exception):
    """`everyone`: the next message would fare the same, so this batch need not try it.

    The text is the other side's words: never ours, never an address or a code.
    """

    def __init__(self, answer: str, *, everyone: bool = False) -> None:
        super().__init__(answer)
        self.everyone = everyone


class Temporary(NotAccepted):
    """Later it may work: no connection, no answer in time, a 4xx. The message may even have arrived."""


class Refused(NotAccepted):
    """It will never work: no such mailbox, no such number, a forbidden text."""


class Misconfigured(NotAccepted):
    """It will work when an operator has mended our settings, password or balance."""


class Connectionless:
    """Each message is a request of its own."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held open."""


class Gateway(Protocol):
    """Entered once a batch, so that connections are shared."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def deliver(self, message: Message) -> Accepted:
        """Raise Temporary, Refused or Misconfigured when it was not accepted."""
        ...
