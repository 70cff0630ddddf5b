"""What no browser may meet on any page: complaints of its console, other hosts, private facts in an address or a log."""

import logging
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

from core.logs import JsonLines
from tests.journeys.private import private_in

# What a page leaves in the browser. Django's admin keeps the theme and which filters staff opened: nobody's secrets.
KEPT = """async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...await indexedDB.databases()]
  .filter(name => !["theme", "django.admin.filtersState"].includes(name))"""


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
        for address in (request.url, request.headers.get("referer", "")):
            if private_in(address):
                self._faults.append(f"a private fact in the address: {address}")

    def _response(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= (500 if is_page else 400):
            self._faults.append(f"{response.status}: {response.url}")


class LogWatch(logging.Handler):
    """Reads the lines as the product would print them: the server is a thread of this process, workers are calls."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def report(self) -> list[str]:
        return [f"a private fact in the log: {line}" for line in self.lines if private_in(line)]
