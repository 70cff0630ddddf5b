"""White label: an insurer's own colours, and the proof that they can be read.

The house tokens are read from `static/css/foundation.css`, the one place where they stand. An insurer changes only the
names in BRAND; everything else keeps its meaning (waiting, accepted, must be fixed) for everybody.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings

Tokens = Mapping[str, str]  # name without dashes in front → #RRGGBB
Themes = Mapping[str, Tokens]  # "light", "dark" → tokens

BRAND = ("brand", "brand-strong", "on-brand", "tint", "gold", "gold-strong", "stage", "stage-2")
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")

# What lies on what, and the least contrast: text 4.5 (WCAG 1.4.3), controls and marks 3 (WCAG 1.4.11).
TEXTS = ("ink", "ink-2", "brand", "brand-strong", "ok", "err")
MARKS = ("field", "brand", "err", "focus-out", "wait-mark")
PAIRS = (
    *((text, ground, 4.5) for text in TEXTS for ground in ("page", "surface")),
    *(("ink", ground, 4.5) for ground in ("sunken", "tint", "wait-bg", "ok-bg", "err-bg")),
    *(("ink-2", ground, 4.5) for ground in ("tint", "wait-bg", "ok-bg", "err-bg")),
    *(("brand", ground, 4.5) for ground in ("tint", "wait-bg", "ok-bg", "err-bg")),
    ("brand-strong", "tint", 4.5), ("on-brand", "brand", 4.5), ("on-brand", "brand-strong", 4.5),
    ("wait", "wait-bg", 4.5), ("ok", "ok-bg", 4.5), ("err", "err-bg", 4.5),
    ("on-gold", "gold", 4.5), ("on-gold", "gold-strong", 4.5),
    *((text, ground, 4.5) for text in ("on-stage", "on-stage-2") for ground in ("stage", "stage-2")),
    *((mark, ground, 3) for mark in MARKS for ground in ("page", "surface")),
    ("gold", "stage", 3), ("focus-in", "stage", 3),
)  # fmt: skip


@dataclass(frozen=True)
class Face:
    """What the pages of one host wear instead of the house's name and colours."""

    name: str
    stylesheet: str  # its address, or "" for the house's colours
    bars: Mapping[str, str]  # theme → the colour of a phone's own bar above the page


def face(name: str, themes: Themes, stylesheet: str) -> Face:
    bars = {theme: worn(themes)[theme].get("stage", house["stage"]) for theme, house in house_tokens().items()}
    return Face(name, stylesheet if any(themes.values()) else "", bars)


def face_on_paper(name: str, themes: Themes) -> dict[str, str]:
    """What a document wears: the name and the colour of its lines and headings, as JSON keeps it."""
    return {"name": name, "brand": worn(themes)["light"].get("brand", house_tokens()["light"]["brand"])}


def worn(themes: Themes) -> Themes:
    """The layer `brand` is stronger than `tokens`: what it sets for light holds in the dark too, unless set there again."""
    light, dark = themes.get("light", {}), themes.get("dark", {})
    return {"light": light, "dark": {**light, **dark}}


def stylesheet(themes: Themes) -> str:
    """The insurer's colours as CSS of the layer `brand`. ValueError for a name outside BRAND or a value not #RRGGBB."""
    light, dark = (declarations(themes.get(theme, {})) for theme in ("light", "dark"))
    return (
        f"@layer brand {{\n  :root {{ {light} }}\n  @media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n}}\n"
    )


def declarations(tokens: Tokens) -> str:
    for name, value in tokens.items():
        if name not in BRAND or not COLOUR.fullmatch(value):
            raise ValueError(f"{name}: {value} is not a colour an insurer may set")
    return " ".join(f"--{name}: {value};" for name, value in tokens.items())


def unreadable(themes: Themes) -> list[str]:
    """Pairs that fail with these colours laid over the house's: "light: brand on page is 2.10, needs 4.5"."""
    problems = []
    for theme, house in house_tokens().items():
        tokens = {**house, **worn(themes)[theme]}
        for above, below, least in PAIRS:
            ratio = contrast(tokens[above], tokens[below])
            if ratio < least:
                problems.append(f"{theme}: {above} on {below} is {ratio:.2f}, needs {least}")
    return problems


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two #RRGGBB colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def house_tokens() -> dict[str, dict[str, str]]:
    """Colours of both themes as the stylesheet gives them; `var(--x)` is followed."""
    css = (settings.BASE_DIR / "static/css/foundation.css").read_text(encoding="utf-8")
    light_css, dark_css = re.findall(r":root \{\s*color-scheme: \w+;(.*?)\n\s*\}", css, re.DOTALL)[:2]
    light = colours(light_css)
    return {"light": resolved(light), "dark": resolved({**light, **colours(dark_css)})}


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6}|var\(--[\w-]+\));", css))


def resolved(tokens: dict[str, str]) -> dict[str, str]:
    return {
        name: tokens[value.removeprefix("var(--").removesuffix(")")] if value.startswith("var") else value
        for name, value in tokens.items()
    }
