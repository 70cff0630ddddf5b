"""A notice becomes a message: subject, text and HTML in the recipient's language, or the text of an SMS."""

from typing import Any
from urllib.parse import urlsplit

from django.utils import translation

from core.facts import parsed
from core.wording import FactMissing, rendered, template
from notices.gateways.base import Message
from notices.models import Notice
from notices.rules import MOST_PARTS, Channel, plain_sms, sms_parts


class CannotBeWorded(Exception):
    """A template or the context is broken. The text names the fault, never a value."""


def word(notice: Notice) -> Message:
    """Raises CannotBeWorded: a letter with a hole in it is worse than one that waits for a person."""
    try:
        with translation.override(notice.language):
            subject, text, html = _parts(notice)
    except FactMissing as error:
        raise CannotBeWorded("a fact is missing from the context") from error
    except Exception as error:  # whatever a template does wrong, it parks this notice alone
        raise CannotBeWorded(type(error).__name__) from error
    return Message(
        key=str(notice.public_id), to=notice.to, sender=notice.sender, language=notice.language,
        subject=subject, text=text, html=html, again=notice.tries > 1,
        attachments=notice.attached,
    )  # fmt: skip


def require_templates(kind: str, channel: str) -> None:
    """Raises TemplateDoesNotExist."""
    for name in template_names(kind, channel):
        template(name)


def template_names(kind: str, channel: str) -> tuple[str, ...]:
    if channel == Channel.SMS:
        return (f"notices/sms/{kind}.txt",)
    return tuple(f"notices/email/{kind}.{part}" for part in ("subject.txt", "txt", "html"))


def _parts(notice: Notice) -> tuple[str, str, str]:
    """The letter repeats its subject as the heading."""
    named = facts(notice.context) | {"language": notice.language}
    names = template_names(notice.kind, notice.channel)
    if notice.channel == Channel.SMS:
        return "", _sms(rendered(names[0], named)), ""
    subject = " ".join(rendered(names[0], named).split())
    text, html = (rendered(name, named | {"subject": subject}) for name in names[1:])
    return subject, text.strip() + "\n", html


def _sms(text: str) -> str:
    text = plain_sms(text)
    if sms_parts(text) > MOST_PARTS:
        raise ValueError("the SMS is too long")
    return text


def facts(context: dict[str, Any]) -> dict[str, Any]:
    """What the templates see: days and instants parsed, and `site`, the host that the SMS names."""
    return parsed(context) | {"site": urlsplit(context["brand"]["url"]).hostname}
