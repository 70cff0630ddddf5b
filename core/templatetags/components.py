"""Tags that draw the components of `templates/components/`. A page passes words and facts; marks, roles and classes live there.

All of them are built in (no `{% load %}`) and are shown in every state at `/design/`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import form_tokens
from core.chart import HEIGHT, Chart
from core.ruler import Ruler
from core.uploads.lists import FileList

register = template.Library()

TAGS = {"", "ok", "wait", "todo", "err"}  # ring, disc, half, diamond, square
NOTES = {"wait", "info", "ok", "err"}
CARDS = {"", "lead", "plain"}
STEPS = {"done", "here", "expected"}
BUTTONS = {"", "alt", "gold", "err", "link"}


# ── Terms ────────────────────────────────────────────────────────────────────
@register.inclusion_tag("components/ruler.html")
def ruler(term: Ruler, start: str = "", start_note: str = "", end: str = "", end_note: str = "") -> dict[str, Any]:
    """A term as a row of marks. `start` and `end` are the dates under it, the notes say what happened or will happen."""
    return {
        "view_box": f"0 0 {term.total} 1",
        "all": f"M0 .5h{term.total}",
        "done": f"M0 .5h{term.done}" if term.done else "",
        "now": f"M{term.now} .5h1" if term.now is not None else "",
        "unit": unit_in_words(term),
        "start": start,
        "start_note": start_note,
        "end": end,
        "end_note": end_note,
    }


def unit_in_words(term: Ruler) -> str:
    """A mark that stands for more than a day says so."""
    match term.unit:
        case "week":
            return _("one mark is a week")
        case "month":
            return _("one mark is a month")
        case _:
            return ""


@register.inclusion_tag("components/figure.html")
def figure(number: object, noun: str) -> dict[str, Any]:
    """One number and the rest of its phrase; the page chooses the plural with `blocktranslate count`."""
    return {"number": number, "noun": noun}


@register.inclusion_tag("components/tag.html")
def tag(kind: str, word: str) -> dict[str, Any]:
    """`kind`: "" neutral, "ok" done, "wait" waiting, "todo" your move, "err" problem."""
    return {"kind": one_of(TAGS, kind), "word": word}


@register.simple_block_tag
def step(content: str, state: str, when: str, title: str, iso: str = "") -> SafeString:
    """One `<li>` of `<ol class="steps">`: "done" (with its real date), "here", "expected" (with «by …»)."""
    values = {
        "state": one_of(STEPS, state),
        "when": when,
        "title": title,
        "iso": iso,
        "content": content,
        "told": bool(content.strip()),
    }
    return render_to_string("components/step.html", values)


# ── Panels ───────────────────────────────────────────────────────────────────
@register.simple_block_tag
def card(
    content: str, title: str = "", kind: str = "", id: str = "", level: int = 2, href: str = "",
    tag: str | None = None, word: str = "",
) -> SafeString:  # fmt: skip
    """A panel. `kind="lead"` (top bar) at most once a page; `id` makes it a named landmark; `tag` and `word` draw a tag."""
    values = {
        "content": content, "title": title, "kind": one_of(CARDS, kind), "id": id, "level": level,
        "href": href, "tag": tag, "word": word,
    }  # fmt: skip
    return render_to_string("components/card.html", values)


@register.inclusion_tag("components/file_list.html")
def file_list(files: FileList) -> dict[str, Any]:
    """Files that were sent, with their states: what `core.uploads.lists.file_list` found. Once a page."""
    return {"files": files}


@register.simple_block_tag
def note(
    content: str, kind: str = "wait", title: str = "", id: str = "", level: int = 2, answer: bool = False
) -> SafeString:  # fmt: skip
    """`answer`: what a form that was sent is told. The page begins there, as it does at a summary of errors."""
    values = {
        "content": content, "kind": one_of(NOTES, kind), "title": title, "id": id, "level": level, "answer": answer,
    }  # fmt: skip
    return render_to_string("components/note.html", values)


@register.inclusion_tag("components/task.html")
def task(
    title: str, note: str = "", href: str = "", tag: str | None = None, word: str = "", tight: bool = False
) -> dict[str, Any]:
    """One `<li>` of `<ul class="list">`: a linked name, one grey sentence, a tag."""
    return {"title": title, "note": note, "href": href, "tag": tag, "word": word, "tight": tight}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str, href: str = "", label: str = "", level: int = 2) -> dict[str, Any]:
    """What will appear here, and one action."""
    return {"title": title, "text": text, "href": href, "label": label, "level": level}


@register.inclusion_tag("components/contacts.html")
def contacts(lines: Iterable[object] | None = None) -> dict[str, Any]:
    """`lines`: `core.contacts.HelpLine` objects."""
    return {"lines": list(lines or [])}


# ── Answers ──────────────────────────────────────────────────────────────────
@register.simple_block_tag
def answers(content: str) -> SafeString:
    """The list to check before sending; `{% answer %}` inside."""
    return format_html('<dl class="kv answers">{}</dl>', content)


@register.inclusion_tag("components/answer.html")
def answer(name: str, value: object, href: str = "", what: str = "") -> dict[str, Any]:
    """`href` leads back to the question; `what` completes «Change …» for those who hear the link alone."""
    return {"name": name, "value": value, "href": href, "what": what or name}


@register.inclusion_tag("components/errors.html")
def error_summary(*forms: BaseForm | str | None) -> dict[str, Any]:
    """Every error of the forms with a link to its control. `{{ form }}` draws it by itself."""
    bound = [form for form in forms if isinstance(form, BaseForm)]
    general = [message for form in bound for message in form.non_field_errors()]
    fields = [error for form in bound for error in field_errors(form)]
    if fields:
        title = ngettext("Check %(count)d answer", "Check %(count)d answers", len(fields)) % {"count": len(fields)}
    else:
        title = _("This did not work")
    return {"title": title, "general": general, "fields": fields}


def field_errors(form: BaseForm) -> Iterator[dict[str, str]]:
    for field in form.visible_fields():
        if field.errors:
            yield {"target": control_id(field), "message": error_words(field)}


@register.filter
def error_words(field: BoundField) -> str:
    """The same text in the summary and at the field. Django's own «This field is required» does not say which."""
    unsaid = forms.Field.default_error_messages["required"]
    return in_a_row(
        [
            _("Fill in “%(field)s”") % {"field": field.label} if str(error) == str(unsaid) else str(error)
            for error in field.errors
        ]
    )


def in_a_row(sentences: list[str]) -> str:
    """One sentence stands as it is written; several need their full stops."""
    if len(sentences) == 1:
        return sentences[0]
    return " ".join(sentence if sentence.endswith((".", "?")) else f"{sentence}." for sentence in sentences)


def control_id(field: BoundField) -> str:
    """The id that takes focus: of the control, or of the first of several."""
    if field.use_fieldset and field.auto_id:
        return field.id_for_label or f"{field.auto_id}_0"
    return str(field.id_for_label)


@register.inclusion_tag("components/password_rules.html")
def password_rules(target: str, lines: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """`target`: id of the password control; `lines`: (JavaScript pattern, sentence). The server checks the same ones."""
    return {"target": target, "lines": list(lines)}


@register.filter
def control(field: BoundField) -> SafeString:
    """The bare control. A placeholder vanishes when it is needed, so those of libraries are left out: labels stay."""
    return field.as_widget(attrs={"placeholder": False} if "placeholder" in field.field.widget.attrs else None)


# ── Actions and ways ─────────────────────────────────────────────────────────
@register.inclusion_tag("components/button.html")
def button(label: str, kind: str = "", href: str = "", name: str = "", value: str = "") -> dict[str, Any]:
    """A button, or with `href` a link that looks like one. One filled button ("") a page region."""
    return {"label": label, "kind": one_of(BUTTONS, kind), "href": href, "name": name, "value": value}


@register.simple_tag(takes_context=True)
def form_token(context: Context) -> SafeString:
    """Beside `{% csrf_token %}` in a form whose view is `sent_once`: drawn once, sent once."""
    token = form_tokens.new_token(context["request"])
    return format_html('<input type="hidden" name="{}" value="{}">', form_tokens.FIELD, token)


@register.inclusion_tag("components/back.html")
def back_link(href: str, label: str = "") -> dict[str, Any]:
    return {"href": href, "label": label or _("Back")}


@register.inclusion_tag("components/more.html")
def more_link(href: str, label: str) -> dict[str, Any]:
    return {"href": href, "label": label}


@register.simple_tag
def step_of(number: int, total: int, process: str = "") -> str:
    """«Activation, step 1 of 3», or without the process «Step 1 of 3»."""
    facts = {"process": process, "number": number, "total": total}
    return (_("%(process)s, step %(number)s of %(total)s") if process else _("Step %(number)s of %(total)s")) % facts


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: str) -> str:
    """A section of the header; nothing where the app that owns the name is not installed."""
    try:
        href = reverse(name)
    except NoReverseMatch:
        return ""
    path = getattr(context.get("request"), "path", "")
    here = path == href or (href != "/" and path.startswith(href))
    pattern = '<a href="{}" aria-current="page">{}</a>' if here else '<a href="{}">{}</a>'
    return format_html(pattern, href, label)


# ── For machines ─────────────────────────────────────────────────────────────
AS_DATA = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}  # as Django's json_script, which knows one type only


@register.simple_tag
def structured_data(facts: Mapping[str, Any]) -> SafeString:
    """What search engines read of a page (schema.org), nothing left empty. A block of data: no browser runs it, so it needs
    no nonce."""
    told = json.dumps({name: value for name, value in facts.items() if value}, ensure_ascii=False).translate(AS_DATA)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(told))  # noqa: S308  escaped a line above


# ── Staff ────────────────────────────────────────────────────────────────────
@register.simple_block_tag
def table(content: str, label: str) -> SafeString:
    """A table that scrolls in its own region, by keyboard too. Inside: `<thead>` and `<tbody>`."""
    return render_to_string("components/table.html", {"content": content, "label": label})


@register.inclusion_tag("components/chart.html")
def chart(drawn: Chart, title: str, of: str, id: str) -> dict[str, Any]:
    """Bars, and the same as a table below. `title` names that table, `of` is what one bar is («Day»)."""
    return {
        "id": id,
        "title": title,
        "of": of,
        "view_box": f"0 0 {len(drawn.bars)} {HEIGHT}",
        "series": [(one.label, one.total, path) for one, path in zip(drawn.series, drawn.paths, strict=True)],
        "peak": drawn.peak,
        "first": drawn.bars[0],
        "last": drawn.bars[-1],
        "rows": drawn.rows,
    }


@register.inclusion_tag("components/filters.html")
def filters(items: Iterable[dict[str, Any]], label: str) -> dict[str, Any]:
    """`items`: dicts of `label`, `href`, `current`, and where the list behind it has one, `count`."""
    return {"items": list(items), "label": label}


@register.inclusion_tag("components/pager.html")
def pager(previous: str = "", following: str = "") -> dict[str, Any]:
    """Keyset pages have neighbours and no numbers; an empty address is the end."""
    return {"previous": previous, "following": following}


def one_of(kinds: set[str], kind: str) -> str:
    if kind not in kinds:
        raise template.TemplateSyntaxError(f"“{kind}” is none of {sorted(kinds)}")
    return kind
