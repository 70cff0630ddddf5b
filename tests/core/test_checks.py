"""The portal does not start on a machine that would break its promises, and its tables exist with their rights."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection, connections

from core import checks


def test_this_machine_is_fit() -> None:
    assert checks.check_time_zones() == []
    assert checks.check_document_libraries() == checks.check_antivirus() == []


def test_old_zone_data_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "ZoneInfo", lambda name: timezone(timedelta(hours=6)))
    assert [error.id for error in checks.check_time_zones()] == ["core.E001"]


def test_a_missing_library_of_documents_is_named_with_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "DOCUMENT_LIBRARIES", ("libpango-1.0.so.0", "libnowhere.so.0"))
    (error,) = checks.check_document_libraries()
    assert error.id == "core.E003"
    assert "libnowhere.so.0" in error.msg
    assert "libpango" not in error.msg
    assert "libpangoft2-1.0-0 libharfbuzz-subset0" in str(error.hint)


@pytest.mark.parametrize(("hosts", "found"), [(["clamd"], []), (["localhost"], ["core.E004"])])
def test_an_antivirus_that_may_not_be_asked_is_noticed(settings: Any, hosts: list[str], found: list[str]) -> None:
    settings.CLAMAV_HOST, settings.OUTBOUND_HOSTS = "clamd", hosts
    assert [error.id for error in checks.check_antivirus()] == found


def test_a_machine_on_which_nothing_can_be_looked_through_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_inspection() == []
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert [error.id for error in checks.check_inspection()] == ["core.E005"]


@pytest.mark.django_db
def test_the_role_web_may_serve() -> None:
    assert checks.check_database_role(databases=["default"]) == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owner_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "connections", {"default": connections["owner"]})
    assert [error.id for error in checks.check_database_role(databases=["default"])] == ["core.E002"]


def test_without_a_database_nothing_is_asked() -> None:
    assert checks.check_database_role(databases=None) == []


@pytest.mark.django_db
def test_the_cache_table_is_there_and_the_product_may_write_it() -> None:
    cache.set("a", "b", 60)
    cache.set("a", "c", 60)
    assert cache.get("a") == "c"
    cache.delete("a")
    assert cache.get("a") is None


@pytest.mark.django_db
def test_the_extensions_for_search_and_exclusion_are_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        installed: set[Any] = {name for (name,) in cursor.fetchall()}
    assert {"pg_trgm", "btree_gist"} <= installed


def test_kazakhstan_is_one_zone_since_march_2024() -> None:
    before, after = datetime(2024, 2, 20, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC)
    zone = ZoneInfo("Asia/Almaty")
    assert (zone.utcoffset(before), zone.utcoffset(after)) == (timedelta(hours=6), timedelta(hours=5))
