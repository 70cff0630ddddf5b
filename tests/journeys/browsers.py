"""Browsers for the people of a story: a new person gets a clean one. Starting each afresh would take a second of a core."""

from collections import defaultdict
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from tests.journeys.watch import KEPT, Watch

PATIENCE = 15_000  # milliseconds: two cores may be busy


class Browsers:
    """What one story leaves is emptied and serves the next: nothing remains but style sheets and fonts in the cache."""

    def __init__(self, browser: Browser, usual: dict[str, Any], own: str) -> None:
        self._browser, self._usual, self._own = browser, usual, own
        self._idle: dict[str, list[BrowserContext]] = defaultdict(list)
        self._kinds: dict[BrowserContext, str] = {}
        self._screens: dict[BrowserContext, Any] = {}
        self._watches: dict[BrowserContext, Watch] = {}

    def lend(self, **options: Any) -> BrowserContext:
        kind = repr(sorted(options.items()))
        return self._idle[kind].pop() if self._idle[kind] else self._make(kind, options)

    def _make(self, kind: str, options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(**(self._usual | options))
        self._screens[context] = (self._usual | options)["viewport"]
        context.set_default_timeout(PATIENCE)
        context.new_page()
        self._kinds[context], self._watches[context] = kind, Watch(context, self._own)
        return context

    def take_back(self, context: BrowserContext) -> list[str]:
        """What the watch has seen, and what the pages left behind."""
        (page,) = context.pages
        kept = page.evaluate(KEPT) if page.url.startswith(self._own) else []
        page.goto("about:blank")
        page.set_viewport_size(self._screens[context])
        page.emulate_media(media="null", color_scheme="null", contrast="null", forced_colors="null")
        context.clear_cookies()
        self._idle[self._kinds[context]].append(context)
        return [*self._watches[context].report(), *(f"left behind in the browser: {name}" for name in kept)]
