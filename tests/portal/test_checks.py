"""A portal that would break its promises does not start: one number for each way to get it wrong."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core.checks import CheckMessage, registry
from django.core.files.storage import storages
from django.db import connection

from dev import system
from portal.checks import check_exposure, check_stores, check_watching

ROOT = portal_settings.BASE_DIR
KEY = "kJ8vQ2mX7pLr4TzW9sYb1NcD6fGh3AeU5iRoVtBxMnZqCwEy0Hj"


@pytest.fixture
def production(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.DEMO, settings.SECRET_KEY, settings.ALLOWED_HOSTS = False, KEY, ["my.nsk.kz"]
    settings.HTTPS, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, 1
    settings.CELERY_BROKER_URL, settings.LOG_FORMAT, settings.METRICS_TOKEN = "redis://valkey", "json", "t" * 32
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").touch()
    for place in ("originals", "derivatives"):
        monkeypatch.setattr(storages[place], "path", lambda name: str(tmp_path))
    return settings


def found() -> list[str]:
    messages: list[CheckMessage] = [*check_exposure(), *check_stores(), *check_watching()]
    return [str(message.id) for message in messages]


def test_a_sound_production_is_silent(production: Any) -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("setting", "value", "number"),
    [
        ("DEMO", True, "portal.E001"),
        ("SECRET_KEY", "change-me-" + KEY, "portal.E002"),
        ("ALLOWED_HOSTS", ["my.nsk.kz", "*"], "portal.E003"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", 0, "portal.E004"),
        ("CACHES", {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}, "portal.E005"),
        ("CELERY_BROKER_URL", "", "portal.E006"),
        ("LOG_FORMAT", "plain", "portal.W001"),
        ("METRICS_TOKEN", "t" * 31, "portal.W002"),
    ],
)
def test_each_mistake_is_named(production: Any, setting: str, value: Any, number: str) -> None:
    setattr(production, setting, value)
    assert found() == [number]


def test_forgotten_static_files_are_noticed(production: Any) -> None:
    (production.STATIC_ROOT / "staticfiles.json").unlink()
    assert found() == ["portal.E007"]


@pytest.mark.parametrize("place", ["originals", "derivatives"])
@pytest.mark.parametrize("path", ["/nowhere", "/proc"])
def test_a_folder_of_files_must_be_there_and_be_writable(
    production: Any, monkeypatch: pytest.MonkeyPatch, path: str, place: str
) -> None:
    monkeypatch.setattr(storages[place], "path", lambda name: path)
    monkeypatch.setattr("os.access", lambda path, mode: Path(path).exists() and path != "/proc")  # root may write all
    assert found() == ["portal.E008"]


def test_without_tls_no_proxy_is_asked_for_and_without_a_token_none_is_judged(production: Any) -> None:
    production.HTTPS, production.ALLAUTH_TRUSTED_PROXY_COUNT, production.METRICS_TOKEN = False, 0, ""
    assert found() == []


# ── The command as it is run before a start ──────────────────────────────────
@pytest.mark.django_db
def test_the_command_lets_a_sound_production_start(sound: dict[str, str]) -> None:
    answer = checked(sound)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.django_db
def test_the_command_names_every_mistake_of_an_environment(sound: dict[str, str]) -> None:
    wrong = {
        "DEBUG": "1", "DEMO": "1", "ALLOWED_HOSTS": "*", "SECRET_KEY": "change-me", "TRUSTED_PROXY_COUNT": "0",
        "REDIS_URL": "", "PORTAL_PHONE": "", "EMAIL_TIMEOUT": "60", "OUTBOUND_HOSTS": "localhost", "SMSC_PASSWORD": "",
        "STATIC_ROOT": "/nowhere", "ORIGINALS_DIR": "/nowhere", "LOG_FORMAT": "plain", "METRICS_TOKEN": "t",
        "TURN_URLS": "https://relay.nsk.kz", "TURN_SECRET": "s",
        "CLAMAV_HOST": "clamd",
    }  # fmt: skip
    answer = checked(sound | wrong)
    assert answer.returncode == 1
    assert set(re.findall(r"\((\w+\.[EW]\d{3})\)", answer.stderr)) == {
        "core.E004", "accounts.E001", "accounts.E003", "notices.E001", "notices.E002", "notices.E004", "notices.E005",
        *(f"portal.E00{number}" for number in (1, 2, 3, 4, 6, 7, 8)), "portal.W001", "portal.W002",
        "telemed.E001", "telemed.E002", "telemed.E005",
        "security.W009", "security.W018", "security.W012", "security.W016",
    }  # fmt: skip


@pytest.fixture
def sound(tmp_path: Path) -> dict[str, str]:
    """The environment of a production whose database is the one of this test."""
    (tmp_path / "staticfiles.json").touch()
    base = connection.settings_dict
    url = f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT'] or 5432}/{base['NAME']}"
    return {
        **system.unpacked_environment(),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": url,
        "SECRET_KEY": KEY, "PUBLIC_URL": "https://my.nsk.kz", "ALLOWED_HOSTS": "my.nsk.kz,web",
        "TRUSTED_PROXY_COUNT": "1", "REDIS_URL": "rediss://portal:s@valkey/0", "PORTAL_PHONE": "8 (800) 070-70-70",
        "EMAIL_URL": "smtp+tls://portal:s@relay.nsk.kz:587", "OUTBOUND_HOSTS": "relay.nsk.kz,smsc.kz",
        "SMS_GATEWAY": "smsc", "SMSC_LOGIN": "portal", "SMSC_PASSWORD": "s", "METRICS_TOKEN": "t" * 32,
        "STATIC_ROOT": str(tmp_path), "ORIGINALS_DIR": str(tmp_path),
        "TURN_URLS": "turn:relay.nsk.kz:3478", "TURN_SECRET": "s" * 32,
        "TELEPHONE_GATEWAY": "http", "TELEPHONE_URL": "https://relay.nsk.kz/calls", "TELEPHONE_LOGIN": "portal",
        "TELEPHONE_PASSWORD": "s",
        "DERIVATIVES_DIR": str(tmp_path),
    }  # fmt: skip


def checked(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING", "--database=default"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("more", "words"), [({}, "deploy/run knows no pigeon"), ({"DEMO": "1"}, "portal.E001")])
def test_a_house_that_would_harm_people_is_not_started(sound: dict[str, str], more: dict[str, str], words: str) -> None:
    answer = subprocess.run(
        [ROOT / "deploy/run", "pigeon"], env=sound | more, capture_output=True, text=True, check=False
    )
    assert answer.returncode > 0
    assert (words in answer.stderr, answer.stderr.count("knows no")) == (True, 0 if more else 1)


# ── The list ─────────────────────────────────────────────────────────────────
NOTE = ROOT / "docs/notes/checks.md"
OURS = {file.parent.name: file.read_text() for file in ROOT.glob("*/checks.py")}


def test_the_note_lists_every_number_and_each_has_a_test() -> None:
    numbers = set(re.findall(r'id="(\w+\.[EW]\d{3})"', "".join(OURS.values())))
    listed = set(re.findall(r"^\| `(\w+\.[EW]\d{3})`", NOTE.read_text(), re.MULTILINE))
    assert {number for number in listed if not number.startswith("security.")} == numbers
    tests = "".join(file.read_text() for file in ROOT.glob("tests/*/test_*.py"))
    assert {number for number in numbers if number not in tests} == set()


def test_every_check_of_ours_is_registered() -> None:
    registered = {f"{check.__module__}.{check.__name__}" for check in registry.registry.get_checks(True)}
    for app, source in OURS.items():
        written = re.findall(r"^def ([a-z]\w+)\(.*\*\*kwargs", source, re.MULTILINE)
        assert written
        assert {f"{app}.checks.{name}" for name in written} <= registered
