"""Journeys run in Debian's chromium, started by pytest-playwright, against the live server of this process."""

import os
import shutil
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

# Playwright keeps an event loop in the test's thread, so Django would refuse the ORM calls of the test itself.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

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
