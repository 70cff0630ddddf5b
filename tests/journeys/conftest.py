"""Journeys run in Debian's chromium, started by pytest-playwright, against the live server of this process."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.fixtures import Settings as SettingsWrapper
from pytest_django.live_server_helper import LiveServer

from tests.journeys.browsers import PATIENCE, Browsers
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.journeys.watch import LogWatch
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


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """`page.goto("/activate/")` means the live server."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
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


@pytest.fixture(params=["ru", "kk"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Every story is told in Russian and in Kazakh."""
    with translation.override(request.param):
        yield request.param


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
