"""What no browser may meet on any page: complaints of its console, other hosts, private facts in an address."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

# The cast's IDs and birth dates as somebody might put them into an address, and any e-mail.
PRIVATE = re.compile(r"@|%40|4410(?:\W|%20)?0275|14\W?0?3\W?1961|1961\W?0?3\W?14")
# What a page leaves in the browser. Django's admin keeps the theme that staff chose, which is nobody's secret.
KEPT = """async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...await indexedDB.databases()]
  .filter(name => name !== "theme")"""


class Watch:
    def __init__(self, context: BrowserContext, own: str) -> None:
        self._faults: list[str] = []
        self._own = urlsplit(own).hostname
        context.on("console", self._console)
        context.on("weberror", lambda error: self._faults.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def report(self) -> list[str]:
        """The faults since the last report."""
        faults, self._faults = self._faults, []
        return faults

    def _console(self, message: ConsoleMessage) -> None:
        """A breach of the Content-Security-Policy is said here too. What did not load, the response tells better."""
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self._faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if request.url.startswith("data:"):
            return
        if urlsplit(request.url).hostname != self._own:
            self._faults.append(f"another host: {request.url}")
        if PRIVATE.search(request.url):
            self._faults.append(f"a private fact in the address: {request.url}")

    def _response(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= (500 if is_page else 400):
            self._faults.append(f"{response.status}: {response.url}")
