"""A URL in the environment means: somebody else runs that server."""

from pathlib import Path

import psycopg
import pytest

from dev import postgres, servers

GIVEN = {
    "DATABASE_URL": "postgres://web@db/portal",
    "OWNER_DATABASE_URL": "postgres://owner@db/portal",
    "REDIS_URL": "redis://cache/0",
}


@pytest.fixture(autouse=True)
def a_bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)


def test_with_all_urls_nothing_is_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, url in GIVEN.items():
        monkeypatch.setenv(name, url)
    with servers.servers(tmp_path) as urls:
        assert urls == GIVEN
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("alone", ["DATABASE_URL", "OWNER_DATABASE_URL"])
def test_one_database_url_asks_for_the_other(alone: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(alone, GIVEN[alone])
    with pytest.raises(SystemExit, match="go together"), servers.servers(tmp_path):
        raise AssertionError("servers were started")


def test_a_second_start_keeps_address_and_data_and_no_role_is_a_superuser(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)  # pytest keeps its folders to itself; root's PostgreSQL runs as nobody
    with servers.servers(tmp_path, postgres.FOR_TESTS) as first, psycopg.connect(first["OWNER_DATABASE_URL"]) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 'Әйгерім' AS name")
    with (
        servers.servers(tmp_path, postgres.FOR_TESTS) as second,
        psycopg.connect(second["OWNER_DATABASE_URL"]) as owner,
    ):
        assert second["DATABASE_URL"] == first["DATABASE_URL"]
        assert owner.execute("SELECT name FROM kept WHERE name ILIKE 'әЙГЕРІМ'").fetchone() == ("Әйгерім",)
        roles = owner.execute("SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname IN ('owner', 'web')")
        assert sorted(roles) == [("owner", False, True), ("web", False, False)]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(second["DATABASE_URL"])


@pytest.mark.parametrize(("uid", "mode", "inside"), [(1000, 0o700, True), (0, 0o711, True), (0, 0o700, False)])
def test_only_root_in_a_closed_home_keeps_its_data_elsewhere(
    uid: int, mode: int, inside: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: uid)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    tmp_path.chmod(mode)
    assert (postgres.home_of(tmp_path) == tmp_path / "postgres") is inside
