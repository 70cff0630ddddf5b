"""What a page must be, whatever it says."""

import json

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

# With the page's own letters: until they have come, wider ones stand in their place.
SIDEWAYS = (
    "document.fonts.ready.then(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)"
)
# Django's forms.css imports another sheet, whose address axe would take as relative to the page and fetch what is not there.
IMPORTS = "[...document.styleSheets].some(sheet => [...sheet.cssRules].some(rule => rule instanceof CSSImportRule))"


def violations(page: Page, *, colours: bool = True) -> str:
    """By every rule of axe. What is right is not described: that took longer than judging it. `colours`: contrast as well,
    which is half of the work and the same in every language."""
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
    asked = f"{{ ...{json.dumps(options)}, preload: !{IMPORTS} }}"
    judged = f"axe.run({asked}).then(({{ violations }}) => ({{ violations }}))"
    results = AxeResults(page.evaluate(f"{AXE_SCRIPT};{judged}"))
    return results.generate_report() if results.violations_count else ""


def overhang(page: Page) -> int:
    """By how many pixels a page scrolls sideways."""
    return int(page.evaluate(SIDEWAYS))


CUT = """() => [...document.querySelectorAll(".results, .wide")]
  .filter(box => box.scrollWidth > box.clientWidth).map(box => box.innerText.slice(0, 60))"""


def cut_tables(page: Page) -> list[str]:
    """How the tables begin that do not fit into their place."""
    return list(page.evaluate(CUT))


STOPS = """() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const unchecked = stop => stop.type === "radio" && !stop.checked;  // the arrows lead there
  window.stops = [...document.querySelectorAll(all)].filter(stop => stop.offsetParent && !unchecked(stop));
  return window.stops.length;
}"""
# Where the focus is; and whether its ring shows, and nothing lies over the control.
STOP = """() => {
  const stop = document.activeElement, style = getComputedStyle(stop), box = stop.getClientRects()[0];
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3;
  return [window.stops.indexOf(stop), ringed && stop.contains(top) ? "" : stop.outerHTML.slice(0, 90)];
}"""


def stumbles(page: Page) -> list[str]:
    """Of somebody who walks once round the page with Tab: what is left out, out of turn, or does not show its focus."""
    count = page.evaluate(STOPS)
    order, unseen = [], []
    for _ in range(count + 1):  # one stop is the browser's own
        page.keyboard.press("Tab")
        index, hidden = page.evaluate(STOP)
        if index >= 0:
            order.append(index)
            unseen.append(hidden)
    first = order[0] if order else 0
    turns = [(first + step) % count for step in range(count)]
    return [*filter(None, unseen), *([] if order == turns else [f"the order is {order}"])]
