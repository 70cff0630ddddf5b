"""A notice becomes a message: subject, text and HTML in the recipient's language, or the text of an SMS."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

from django.utils import translation

from core.facts import parsed
from core.wording import FactMissing, rendered, template
from notices.gateways.base import Message
from notices.models import Notice
from notices.rules import MOST_PARTS, Attachment, Channel, plain_sms, sms_parts
from notices.services.claims import Claimed


class CannotBeWorded(Exception):
    """A template or the context is broken. The text names the fault, never a value."""


def word(notice: Claimed | Notice) -> Message:
    """Raises CannotBeWorded: a letter with a hole in it is worse than one that waits for a person."""
    try:
        subject, text, html = _parts(notice)
    except FactMissing as error:
        raise CannotBeWorded("a fact is missing from the context") from error
    except Exception as error:  # whatever a template does wrong, it parks this notice alone
        raise CannotBeWorded(type(error).__name__) from error
    return Message(
        key=str(notice.public_id), to=notice.to, sender=notice.sender, language=notice.language,
        subject=subject, text=text, html=html, again=notice.tries > 1,
        attachments=tuple(Attachment(**file) for file in notice.attachments),
    )  # fmt: skip


def require_templates(kind: str, channel: str) -> None:
    """Raises TemplateDoesNotExist."""
    for name in template_names(kind, channel):
        template(name)


def template_names(kind: str, channel: str) -> tuple[str, ...]:
    if channel == Channel.SMS:
        return (f"notices/sms/{kind}.txt",)
    return tuple(f"notices/email/{kind}.{part}" for part in ("subject.txt", "txt", "html"))


def _parts(notice: Claimed | Notice) -> tuple[str, str, str]:
    shared = dict(notice.context)
    given: dict[str, str] | None = shared.pop("personal", None)
    if given is None:
        return _drawn(notice.kind, notice.channel, notice.language, shared)
    personal = {name: " ".join(value.split()) for name, value in given.items()}  # one stands in the subject
    subject, text, html = _frame(notice.kind, notice.language, json.dumps(shared), tuple(personal))
    escaped = {name: escape(value) for name, value in personal.items()}
    return _filled(subject, personal), _filled(text, personal), _filled(html, escaped)


def _drawn(kind: str, channel: str, language: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """The letter repeats its subject as the heading."""
    named = facts(context) | {"language": language}
    names = template_names(kind, channel)
    with translation.override(language):
        if channel == Channel.SMS:
            return "", _sms(rendered(names[0], named)), ""
        subject = " ".join(rendered(names[0], named).split())
        text, html = (rendered(name, named | {"subject": subject}) for name in names[1:])
    return subject, text.strip() + "\n", html


# ── Mass letters: the words are drawn once, with marks where the personal texts stand ──
Frame = list[str]  # words, the name of a personal text, words, …
MARK = re.compile("\ue000(\\w+)\ue001")  # of the private use area: no text of ours has them


@lru_cache(maxsize=100)
def _frame(kind: str, language: str, shared: str, names: tuple[str, ...]) -> tuple[Frame, Frame, Frame]:
    """Of an e-mail. A personal text must stand in the templates as it is: a filter or a condition would see its mark."""
    marks = {name: f"\ue000{name}\ue001" for name in names}
    subject, text, html = (
        MARK.split(part) for part in _drawn(kind, Channel.EMAIL, language, json.loads(shared) | marks)
    )
    for frame in (text, html):
        if set(frame[1::2]) != set(names):
            raise ValueError("a personal text does not stand in the letter as it is")
    return subject, text, html


def _filled(frame: Frame, personal: Mapping[str, str]) -> str:
    words = frame.copy()
    words[1::2] = [personal[name] for name in frame[1::2]]
    return "".join(words)


def _sms(text: str) -> str:
    text = plain_sms(text)
    if sms_parts(text) > MOST_PARTS:
        raise ValueError("the SMS is too long")
    return text


def facts(context: dict[str, Any]) -> dict[str, Any]:
    """What the templates see: days and instants parsed, and `site`, the host that the SMS names."""
    return parsed(context) | {"site": urlsplit(context["brand"]["url"]).hostname}
