"""A page to look at: what was rendered for somebody else, with everything taken out that would act."""

from html import escape
from html.parser import HTMLParser

CONTROLS = {"button", "input", "select", "textarea"}
LEADS = {"href", "action", "formaction", "method", "nonce", "target", "download"}
WAY_OUT = "data-way-out"  # on a link of ours that goes on working
Attributes = list[tuple[str, str | None]]


def still(html: str) -> str:
    """No link leads off the page, no control can be used, nothing can be sent, nothing runs. Hidden fields are left out.

    A form becomes a plain box of the same looks.
    """
    copy = _Copy()
    copy.feed(html)
    copy.close()
    return "".join(copy.parts)


class _Copy(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        names = dict(attrs)
        if tag == "script":
            self.in_script = True
        elif tag == "form":
            self.parts.append(_tag("div", attrs))
        elif tag in CONTROLS:
            if names.get("type") != "hidden":
                self.parts.append(_tag(tag, [*attrs, ("disabled", None)]))
        elif tag == "a" and WAY_OUT not in names and not (names.get("href") or "").startswith("#"):
            self.parts.append(_tag(tag, attrs))
        else:
            self.parts.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.in_script = False
        else:
            self.parts.append("</div>" if tag == "form" else f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.in_script:
            self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")


def _tag(name: str, attrs: Attributes) -> str:
    """Without what leads anywhere or names what would be sent."""
    kept = [(key, value) for key, value in attrs if key not in LEADS and not key.startswith("on")]
    words = [key if value is None else f'{key}="{escape(value)}"' for key, value in kept if key != "name"]
    return f"<{' '.join([name, *words])}>"
