"""A notice becomes a message: subject, text and HTML in the recipient's language, or the text of an SMS."""

from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.template import Context, Engine, Template
from django.utils import translation

from notices.gateways.base import Message
from notices.models import Notice
from notices.rules import MOST_PARTS, Channel, plain_sms, sms_parts

HOLE = "\N{REPLACEMENT CHARACTER}"  # stands where a fact is missing


class CannotBeWorded(Exception):
    """A template or the context is broken. The text names the fault, never a value."""


def word(notice: Notice) -> Message:
    """Raises CannotBeWorded: a letter with a hole in it is worse than one that waits for a person."""
    try:
        with translation.override(notice.language):
            subject, text, html = _parts(notice)
    except Exception as error:  # whatever a template does wrong, it parks this notice alone
        raise CannotBeWorded(type(error).__name__) from error
    if HOLE in subject + text + html:
        raise CannotBeWorded("a fact is missing from the context")
    return Message(
        key=str(notice.public_id), to=notice.to, sender=notice.sender, language=notice.language,
        subject=subject, text=text, html=html, again=notice.tries > 1,
    )  # fmt: skip


def require_templates(kind: str, channel: str) -> None:
    """Raises TemplateDoesNotExist."""
    for name in template_names(kind, channel):
        _template(name)


def template_names(kind: str, channel: str) -> tuple[str, ...]:
    if channel == Channel.SMS:
        return (f"notices/sms/{kind}.txt",)
    return tuple(f"notices/email/{kind}.{part}" for part in ("subject.txt", "txt", "html"))


def _parts(notice: Notice) -> tuple[str, str, str]:
    """The letter repeats its subject as the heading."""
    named = facts(notice.context) | {"language": notice.language}
    names = template_names(notice.kind, notice.channel)
    if notice.channel == Channel.SMS:
        return "", _sms(_rendered(names[0], named)), ""
    subject = " ".join(_rendered(names[0], named).split())
    text, html = (_rendered(name, named | {"subject": subject}) for name in names[1:])
    return subject, text.strip() + "\n", html


def _rendered(name: str, named: dict[str, Any]) -> str:
    return _template(name).render(Context(named, autoescape=name.endswith(".html")))


def _sms(text: str) -> str:
    text = plain_sms(text)
    if sms_parts(text) > MOST_PARTS:
        raise ValueError("the SMS is too long")
    return text


def facts(context: dict[str, Any]) -> dict[str, Any]:
    """What the templates see: days and instants parsed, and `site`, the host that the SMS names."""
    parsed = {key: _parsed(key, value) for key, value in context.items()}
    return parsed | {"site": urlsplit(context["brand"]["url"]).hostname}


def _parsed(key: str, value: Any) -> Any:
    """JSON knows no dates, so the key says it: `cover_from`, `expires_on`, `cover_until` are days, `when` and
    `…_at` instants. An instant is told by the clock of the zone it was written in, so here it loses its zone.
    An empty text stays: a contract may name no last day."""
    if not isinstance(value, str) or not value:
        return value
    if key.endswith(("_on", "_from", "_until")):
        return date.fromisoformat(value)
    if key == "when" or key.endswith("_at"):
        return datetime.fromisoformat(value).replace(tzinfo=None)
    return value


def _template(name: str) -> Template:
    return _engine().get_template(name)


@cache
def _engine() -> Engine:
    """The project's engine, except that a missing fact leaves a mark instead of nothing."""
    engine = Engine.get_default()
    return Engine(
        dirs=engine.dirs,
        app_dirs=engine.app_dirs,
        libraries=engine.libraries,
        builtins=engine.builtins,
        string_if_invalid=HOLE,
    )
