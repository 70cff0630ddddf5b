"""What operators copy is complete and true: settings, the compose file, the units, the scripts they call."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dev.places import ROOT

NOTES = (ROOT / "docs/notes/operations.md").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("portal:")}
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
KINDS = set(re.findall(r"^    ([a-z-]+)\)", (ROOT / "deploy/run").read_text(), re.MULTILINE))
REQUIRED = {"SECRET_KEY", "PUBLIC_URL", "DATABASE_URL"}


def explained(after: str) -> dict[str, str]:
    """The names of the table below these words, with their defaults."""
    table = NOTES.partition(after)[2].split("\n\n")[1]
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) ?\|", table, re.MULTILINE))


def names_in(path: str) -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", (ROOT / path).read_text(), re.MULTILINE))


# ── Settings ─────────────────────────────────────────────────────────────────
def test_every_setting_from_the_environment_is_explained_and_no_other() -> None:
    read = re.findall(r"env(?:\.\w+)?\(\s*\"(\w+)\"", (ROOT / "portal/settings.py").read_text())
    assert set(read) == set(explained("## Settings\n")) != set()


def test_the_required_ones_are_those_without_a_default() -> None:
    source = (ROOT / "portal/settings.py").read_text()
    assert set(re.findall(r"env\.\w+\(\"(\w+)\"\)", source)) - {"OWNER_DATABASE_URL"} == REQUIRED
    assert {name for name, default in explained("## Settings\n").items() if default == "required"} == REQUIRED


def test_the_flags_of_the_processes_are_explained_with_their_defaults() -> None:
    scripts = "".join((ROOT / "deploy" / name).read_text() for name in ("run", "ready"))
    read = dict(re.findall(r"\$\{([A-Z_]+):-([^}]+)\}", scripts))
    assert read == {name: default.strip("`") for name, default in explained("Read by `deploy/run`").items()}


def test_the_example_has_settings_that_exist_and_all_that_must_be_given() -> None:
    names = names_in("deploy/environment.example")
    assert names <= set(explained("## Settings\n"))
    assert names >= REQUIRED


# ── Docker ───────────────────────────────────────────────────────────────────
def test_all_of_the_house_is_there() -> None:
    wanted = {"nginx", "web-1", "web-2", "live", "worker-notices", "worker-work", "beat", "migrate", "back-ups"}
    assert set(SERVICES) == wanted | {"postgres", "valkey", "mail", "relay"}


def test_only_nginx_is_reached_from_outside_and_servers_have_no_way_out() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"nginx"}
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "valkey", "web-1", "web-2", "live"):
        assert SERVICES[name]["networks"] == ["inside"]
    assert SERVICES["nginx"]["networks"] == ["outside"]


def test_the_relay_knows_nothing_of_the_house_and_reaches_no_private_network() -> None:
    assert SERVICES["relay"]["network_mode"] == "host"
    denied = re.findall(r"^denied-peer-ip=(\S+)-\S+$", (ROOT / "deploy/turnserver.conf").read_text(), re.MULTILINE)
    assert {"10.0.0.0", "127.0.0.0", "169.254.0.0", "172.16.0.0", "192.168.0.0", "fc00::", "fe80::"} <= set(denied)


def test_only_migrations_and_backups_know_the_owner() -> None:
    knowing = {name for name, service in OURS.items() if "OWNER_DATABASE_URL" in service["environment"]}
    assert knowing == {"migrate", "back-ups"}


def test_every_value_of_the_house_is_given_to_it() -> None:
    """By the compose file, or by the settings file that all of its services read."""
    example = names_in("deploy/environment.example")
    for service in OURS.values():
        assert service["env_file"] == ["/etc/portal/environment"]
        assert example | set(service["environment"]) >= REQUIRED
        assert set(service["environment"]) <= set(explained("## Settings\n"))


def test_no_secret_stands_in_the_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY|TOKEN", name):
                assert re.fullmatch(r"\$\{\w+:\?\}", value)
    assert re.findall(r"://\w+:(?!\$\{\w+:\?\}@)[^/\s]*@", text) == []
    assert set(re.findall(r"\$\{(\w+):\?\}", text)) == names_in("deploy/secrets.example")


def test_every_image_of_others_has_a_version() -> None:
    for service in SERVICES.values():
        assert re.search(r":(v?\d+[\w.-]*|\$\{PORTAL_VERSION:\?\})$", service["image"])


@pytest.mark.parametrize("name", OURS)
def test_what_a_service_starts_exists(name: str) -> None:
    script, *arguments = OURS[name]["command"]
    if script == "python":
        assert arguments == ["manage.py", "migrate", "--database=owner"]
        return
    assert (ROOT / script).stat().st_mode & 0o111
    assert arguments[0] in KINDS


@pytest.mark.parametrize("queue", ["notices", "work"])
def test_a_worker_is_healthy_by_its_own_answer(queue: str) -> None:
    worker = SERVICES[f"worker-{queue}"]
    assert worker["command"] == ["deploy/run", "worker", queue]
    assert worker["healthcheck"]["test"][1].endswith(f" --destination={queue}@$$HOSTNAME")


def test_only_backups_read_files_that_they_may_not_write() -> None:
    """portal.E008 would refuse any other service (deploy/run)."""
    reading = {name for name, service in OURS.items() if any("/portal/originals:ro" in v for v in service["volumes"])}
    assert reading == {"back-ups"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_mounted_file_of_ours_exists(name: str) -> None:
    mounted = [volume.split(":")[0] for volume in SERVICES[name].get("volumes", [])]
    assert all((ROOT / path).is_file() for path in mounted if path.startswith("./"))


def test_a_service_has_longer_to_end_than_its_requests() -> None:
    seconds = int(re.findall(r"--workers-kill-timeout=(\d+)", (ROOT / "deploy/run").read_text())[0])
    for stop in (SERVICES["web-1"]["stop_grace_period"], SERVICES["web-2"]["stop_grace_period"]):
        assert int(stop.removesuffix("s")) > seconds
    (unit,) = re.findall(r"TimeoutStopSec=(\d+)", (ROOT / "deploy/systemd/portal-web@.service").read_text())
    assert int(unit) > seconds


def test_pg_dump_of_the_image_is_of_the_servers_version() -> None:
    (client,) = re.findall(r"postgresql-client-(\d+)", (ROOT / "Dockerfile").read_text())
    assert SERVICES["postgres"]["image"].startswith(f"postgres:{client}-")


# ── systemd ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_what_a_unit_starts_exists_and_runs_as_the_house(unit: Path) -> None:
    lines = dict(line.split("=", 1) for line in unit.read_text().splitlines() if "=" in line)
    started = lines["ExecStart"].removeprefix("/srv/portal/current/").split()
    if started[0] == "deploy/run":
        assert started[1] in KINDS
    else:
        assert started[:3] == [".venv/bin/python", "manage.py", "back_up"]
    assert lines["User"] == "portal"
    assert lines["NoNewPrivileges"] == "yes"


def test_only_the_unit_of_backups_knows_the_owner() -> None:
    assert [unit.name for unit in UNITS if "/etc/portal/owner" in unit.read_text()] == ["portal-back-up.service"]


def test_every_script_and_unit_that_the_notes_name_exists() -> None:
    for script in re.findall(r"`?(deploy/[\w./-]+)", NOTES):
        assert (ROOT / script.rstrip(".")).exists(), script
    for unit in re.findall(r"portal-(?:web|live|worker|beat|back-up)[@\w]*", NOTES):
        stem = re.sub(r"@\w*", "@", unit)
        assert any(file.name.startswith(stem) for file in (ROOT / "deploy/systemd").iterdir()), unit
