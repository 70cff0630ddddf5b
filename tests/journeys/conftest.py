"""Journeys run in Debian's chromium without a window, started by pytest-playwright, against this process's live server."""

import logging
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.fixtures import Settings as SettingsWrapper
from pytest_django.live_server_helper import LiveServer

from tests.journeys.browsers import PATIENCE, Browsers
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.journeys.watch import LogWatch
from tests.peers.identity import provider  # noqa: F401  a fixture
from tests.peers.smtp import MailServer
from tests.policies.conftest import originals  # noqa: F401  a fixture: uploaded files lie in the test's own folder

# Playwright keeps an event loop in the test's thread, so Django would refuse the ORM calls of the test itself.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

expect.set_options(timeout=PATIENCE)

FLAGS = [
    "--no-sandbox",  # chromium refuses its sandbox to root, and CI is root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # a container's /dev/shm may hold 64 MB
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
]


@pytest.fixture(scope="session", autouse=True)
def kept_files() -> None:
    """A browser keeps style sheets, scripts and fonts, as it does in production; or it asks for eleven a page anew."""
    answer = StaticFilesHandler.serve

    def serve(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        response = answer(handler, request)
        response["Cache-Control"] = "max-age=31536000, immutable"  # the clocks of a story and of its browser differ
        return response

    StaticFilesHandler.serve = serve  # type: ignore[method-assign, assignment]


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """`page.goto("/activate/")` means the live server."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell")
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Most of our people come with a telephone."""
    return {
        **browser_context_args,
        "viewport": {"width": 390, "height": 844},
        "locale": "ru-RU",
        "timezone_id": "Asia/Almaty",
    }


@pytest.fixture(scope="session")
def browsers(browser: Browser, browser_context_args: dict[str, Any], base_url: str) -> Browsers:
    return Browsers(browser, browser_context_args, base_url)


@pytest.fixture
def page(browsers: Browsers) -> Iterator[Page]:
    """For tests that look at one page rather than tell a story."""
    context = browsers.lend()
    yield context.pages[0]
    browsers.take_back(context)


@pytest.fixture(autouse=True)
def log() -> Iterator[LogWatch]:
    """Whatever a test does in a browser, no line tells of whom."""
    watch = LogWatch()
    logging.getLogger().addHandler(watch)
    yield watch
    logging.getLogger().removeHandler(watch)
    assert watch.report() == []


# ── A story ──────────────────────────────────────────────────────────────────
Come = Callable[..., Visitor]
IN_EVERY_LANGUAGE = "test_every_page"  # axe judges each page in both, for every change


@pytest.hookimpl(tryfirst=True)  # before long ones are deselected
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A story is told in one language for every change and in the others in the long suite; which one, goes by turns."""
    told: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if "come" in getattr(item, "fixturenames", ()) and not item.path.stem.startswith(IN_EVERY_LANGUAGE):
            told[re.sub(r"\b(ru|kk|en)\b", "", item.nodeid)].append(item)
    for turn, story in enumerate(told.values()):
        for item in (item for place, item in enumerate(story) if place != turn % len(story)):
            item.add_marker(pytest.mark.long)


@pytest.fixture(params=["ru", "kk"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Every story is told in Russian and in Kazakh."""
    with translation.override(request.param):
        yield request.param


# …and the four doors in English too.
in_three_languages = pytest.mark.parametrize("language", ["ru", "kk", "en"], indirect=True)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon in Almaty of tests.factories.TODAY, for the server too: it is a thread of this process. The hands move."""
    with time_machine.travel(datetime(2026, 11, 21, 7, 0, tzinfo=UTC)) as traveller:
        yield traveller


@pytest.fixture
def post(live_server: LiveServer, settings: SettingsWrapper, tmp_path: Path) -> Iterator[Post]:
    server = MailServer()
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.PUBLIC_URL = "127.0.0.1", server.port, live_server.url
    settings.SMS_SANDBOX_DIR = tmp_path / "sms"
    yield Post(server, tmp_path / "sms")
    server.stop()


@pytest.fixture
def come(browsers: Browsers, clock: object, language: str) -> Iterator[Come]:
    """Somebody new at a browser of their own, in the story's language; how the browser differs is `options`."""
    lent: list[BrowserContext] = []

    def arrive(**options: Any) -> Visitor:
        lent.append(browsers.lend(locale=language, **options))
        return Visitor(lent[-1])

    yield arrive
    assert [fault for context in lent for fault in browsers.take_back(context)] == []
