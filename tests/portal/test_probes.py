"""What machines ask: /healthz, /readyz, /metrics."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from accounts.hashers import WAITING
from activation.models import Activation
from activation.rules import BREAKER_FLOOR, HOUR, attempts_at, failures_at
from core.limits import Allowance, spend
from core.models import Upload
from notices.models import Notice
from notices.rules import Answer, State
from policies.models import DocumentRequest, Register
from portal import metrics, probes
from tests.factories import a_policy, an_insurer
from tests.people import aigul, marat
from tests.queries import statements

PLACES = ["originals", "derivatives"]
TOKEN = {"Authorization": "Bearer s3cret-of-prometheus"}


@pytest.fixture(autouse=True)
def a_token(settings: Any) -> None:
    settings.METRICS_TOKEN = "s3cret-of-prometheus"


@pytest.fixture(autouse=True)
def room_for_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for place in PLACES:
        monkeypatch.setattr(storages[place], "path", lambda name: str(tmp_path))


def is_away(*args: Any, **kwargs: Any) -> None:
    raise OperationalError("connection to server at 10.0.0.7 failed: PostgreSQL 15.18 is away")


# ── Alive ────────────────────────────────────────────────────────────────────
def test_alive_is_said_without_a_database(client: Client) -> None:
    """No mark: this test may not reach one."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_are_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path, headers=TOKEN).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/metrics", 200), ("/help/", 301)])
def test_who_asks_inside_needs_no_tls(settings: Any, client: Client, path: str, status: int) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path, headers=TOKEN).status_code == status


# ── Ready ────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_ready_with_database_migrations_and_cache(client: Client) -> None:
    client.get("/readyz")
    with statements() as made:
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "missing": [], "warnings": []}
    assert len(made) <= 6, made


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("patched", "missing"),
    [
        ("portal.probes.connection.cursor", "database"),
        ("portal.probes.MigrationRecorder.applied_migrations", "migrations"),
        ("portal.probes.cache.get", "cache"),
    ],
)
def test_not_ready_names_what_is_missing_and_nothing_else(
    client: Client, monkeypatch: pytest.MonkeyPatch, patched: str, missing: str
) -> None:
    monkeypatch.setattr(patched, is_away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "missing": [missing], "warnings": []}


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_is_noticed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = probes.all_migrations() | {("core", "0002_of_tomorrow")}
    monkeypatch.setattr(probes, "all_migrations", lambda: everything)
    assert client.get("/readyz").json()["missing"] == ["migrations"]


@pytest.mark.django_db
def test_a_late_outbox_and_a_full_disk_warn_but_turn_nobody_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_notice(next_try_at=timezone.now() - timedelta(seconds=probes.LATEST_OUTBOX - 30))
    assert client.get("/readyz").json()["warnings"] == []
    a_notice(next_try_at=timezone.now() - timedelta(seconds=probes.LATEST_OUTBOX))
    assert client.get("/readyz").json() == {"ready": True, "missing": [], "warnings": ["outbox"]}
    monkeypatch.setattr(probes, "LEAST_ROOM", 1.01)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["warnings"]) == (200, ["outbox", *PLACES])


@pytest.mark.django_db
@pytest.mark.parametrize("place", PLACES)
def test_a_folder_of_files_that_is_not_there_is_a_warning(
    client: Client, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(storages[place], "path", lambda name: "/not/mounted")
    assert client.get("/readyz").json()["warnings"] == [place]


# ── Metrics ──────────────────────────────────────────────────────────────────
Headers = dict[str, str]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (TOKEN, 200),
        ({}, 404),
        ({"Authorization": "Bearer another"}, 404),
        ({"Authorization": "s3cret-of-prometheus"}, 404),
        (TOKEN | {"X-Forwarded-For": "203.0.113.9"}, 404),  # through the proxy, and so from outside
    ],
)
def test_metrics_are_for_the_token_inside(client: Client, headers: Headers, status: int) -> None:
    assert client.get("/metrics", headers=headers).status_code == status


@pytest.mark.django_db
def test_without_a_token_in_the_settings_nobody_reads_them(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    for headers in (TOKEN, {"Authorization": "Bearer "}, {}):
        assert client.get("/metrics", headers=headers).status_code == 404


def read(client: Client) -> dict[str, float]:
    """Name with labels → value."""
    lines = client.get("/metrics", headers=TOKEN).text.splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_status_and_not_by_address(client: Client) -> None:
    name = 'portal_request_seconds_count{method="GET",route="activation:start",status="404"}'
    before = read(client).get(name, 0)
    client.get("/activate/610314400017/")
    after = read(client)
    assert after[name] == before + 1
    assert "610314400017" not in str(after)


@pytest.mark.django_db
def test_an_invented_method_makes_no_series_of_its_own(client: Client) -> None:
    client.generic("BREW", "/help/")
    assert "BREW" not in str(read(client))


def a_notice(**facts: Any) -> None:
    Notice.objects.create(kind="password_changed", channel="email", to="aigul@example.kz", language="kk", **facts)


@pytest.mark.django_db
def test_the_outbox_shows_what_waits_how_late_it_is_and_what_is_parked(client: Client) -> None:
    a_notice(next_try_at=timezone.now() - timedelta(minutes=2))
    a_notice(next_try_at=timezone.now() + timedelta(hours=1))
    a_notice(state=State.PARKED, answer=Answer.REFUSED)
    found = read(client)
    assert found["portal_outbox_waiting"] == 2
    assert 119 < found["portal_outbox_late_seconds"] < 300
    assert found["portal_outbox_parked"] == 1
    assert "aigul" not in str(found)


@pytest.mark.django_db
def test_nothing_waiting_is_not_late(client: Client) -> None:
    a_notice(next_try_at=timezone.now() + timedelta(hours=1))
    assert read(client)["portal_outbox_late_seconds"] == 0


@pytest.mark.django_db
def test_a_reading_costs_the_same_whatever_there_is_to_count(client: Client, make_busy: Callable[[], None]) -> None:
    make_busy()
    read(client)
    with statements() as made:
        found = read(client)
    assert len(made) == 10, made
    assert found['portal_registers_at_work{state="received"}'] == 1
    assert found["portal_documents_wanted"] == 1
    assert found["portal_uploads_to_check"] == 1
    assert found['portal_activations{state="pending"}'] == 1
    assert found['portal_activations{state="finished"}'] == 1
    assert found['portal_breaker_open{insurer="nsk"}'] == 1
    assert found['portal_breaker_open{insurer="sogaz"}'] == 0


@pytest.fixture
def make_busy() -> Callable[[], None]:
    """A register, a sent file, two activations, and somebody who guesses IDs at one of two insurers."""

    def everything() -> None:
        policy, now = a_policy(), timezone.now()
        an_insurer("sogaz")
        Register.objects.create(product=policy.product_version.product, file_name="a.csv", uploaded_by=marat())
        DocumentRequest.objects.create(policy=policy, kind="appendix_1", language="ru", facts={})
        Upload.objects.create(scope="nsk", collection="test", guest=uuid4(), size=1)
        Activation.objects.create(policy=policy, nonce="1", email="a@b.kz")
        Activation.objects.create(
            policy=a_policy("2"), nonce="2", email="a@b.kz", state="finished", user=aigul(), finished_at=now
        )
        for name in (failures_at("nsk"), attempts_at("nsk")):
            spend(Allowance(name, None, HOUR), now=now)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE core_limit SET spent = %s", [BREAKER_FLOOR + 1])

    return everything


@pytest.mark.django_db
def test_refused_tries_and_waiting_password_checks_are_counted(client: Client) -> None:
    before = read(client)["portal_limits_exhausted_total"]
    for _ in range(3):
        spend(Allowance("tries", 1, None), now=timezone.now())
    with WAITING.track_inprogress():
        found = read(client)
    assert found["portal_limits_exhausted_total"] == before + 2
    assert found["portal_password_checks_waiting"] == 1
    assert read(client)["portal_password_checks_waiting"] == 0


def test_a_dead_process_waits_for_nothing_any_more(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.METRICS_DIR = str(tmp_path)
    for pid in ("1", "4194305"):  # the second is above the largest there is
        (tmp_path / f"gauge_livesum_{pid}.db").write_bytes(b"")
    monkeypatch.setattr(metrics, "MultiProcessCollector", lambda *arguments: None)
    metrics.of_all_processes()
    assert [file.name for file in tmp_path.iterdir()] == ["gauge_livesum_1.db"]
