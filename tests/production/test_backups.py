"""The drill: a house is saved, lost and brought back, and everybody goes on where they were (security.md, F18)."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client

from accounts.models import User
from activation.models import Activation
from activation.rules import State
from core import postgres_tools
from core.backups import (
    MANIFEST,
    BadBackup,
    Manifest,
    backups_in,
    files,
    forget_old_backups,
    make_backup,
    restore_backup,
)
from core.models import Upload
from policies.models import Policy, Register
from telemed.models import Conclusion, Consultation, Message
from tests.activation.door import Visitor, link_in_last_letter
from tests.conftest import connect, drop
from tests.core.uploads.sending import PHOTO, checked, sent
from tests.factories import TODAY, a_policy, another_insurer
from tests.people import aigul, dana, insured_browser, yerlan
from tests.policies.registers import ROW, as_csv, received
from tests.production.conftest import move_to
from tests.security.rows import (
    ALL,
    Half,
    Rows,
    a_visitor,
    another_patient,
    found_by,
    half,
    nobody,
    noon,
    the_doctor,
    the_patient,
)

__all__ = ["noon"]  # the fixture: the clock

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


@pytest.fixture
def house(database: str, originals: Path) -> str:
    """Somebody waits for a letter, somebody may sign in and has sent a photo, and a register has been uploaded."""
    a_policy(signed_on=TODAY - timedelta(days=400))
    Visitor().begins(email="dina@example.kz")
    checked(sent(aigul()))
    received(as_csv(ROW))
    return database


@pytest.fixture
def lose(house: str, originals: Path) -> Callable[[], None]:
    """The disk is gone: an empty database of the same name, no files."""

    def drop_everything() -> None:
        move_to(house)
        drop(house)
        with connect("owner", "postgres") as owner:
            owner.execute(f"CREATE DATABASE \"{house}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
        shutil.rmtree(originals)
        shutil.rmtree(originals.with_name("derivatives"))

    return drop_everything


def saved(folder: Path, now: datetime = NOW) -> Path:
    return make_backup(folder=folder, now=now)


def test_what_was_saved_comes_back_and_everybody_goes_on(
    house: str, originals: Path, lose: Callable[[], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = link_in_last_letter()
    browser = Client()
    browser.force_login(User.objects.get(email="aigul@example.kz"))
    call_command("back_up", str(tmp_path / "backups"))
    backup = Path(capsys.readouterr().out.strip())
    lose()

    call_command("restore", str(backup))

    assert "Counts and digests are those of the backup" in capsys.readouterr().out
    assert browser.get("/accounts/profile/").status_code == 200  # an old session
    visitor = Visitor()
    assert visitor.signs_in()["Location"] == "/"
    assert visitor.confirms(link).status_code == 200  # an old link
    assert Activation.objects.get().state == State.CONFIRMED
    register = Register.objects.get()
    assert register.file.open().read() == as_csv(ROW)
    upload = Upload.objects.get()
    assert upload.original.open().read() == PHOTO
    assert upload.derivative.size == upload.derivative_size
    received(as_csv(ROW, ROW))  # the sequences go on, and `web` may write


@pytest.fixture
def told(house: str, noon: object) -> Half:
    """Dana has talked with Yerlan: the chat, the conclusion, a file, and a row of whatever else is walled."""
    policy = a_policy("9920027534", insurer=another_insurer(), iin="610314400010")
    return half(dana(), policy, yerlan(), "yerlan", "Секрет Даны")


def seen_of(told: Half) -> dict[str, Rows]:
    """What each finds without a filter of ours, as PostgreSQL alone decides."""
    everybody = (the_patient, the_doctor, a_visitor, nobody)
    return {looks.__name__: found_by(looks(told)) for looks in everybody}


def test_what_was_told_to_a_doctor_comes_back_behind_its_wall(
    told: Half, lose: Callable[[], None], tmp_path: Path
) -> None:
    page = f"/doctor/consultations/{told.consultation.public_id}/"
    browser, seen = insured_browser(told.patient), seen_of(told)
    backup = saved(tmp_path / "backups")
    lose()
    restore_backup(backup=backup)
    assert "Секрет Даны" in browser.get(page).text
    assert seen_of(told) == seen
    assert all(seen["the_patient"][kind] for kind in (Consultation, Message, Conclusion, Upload))
    assert not any(rows for who in ("a_visitor", "nobody") for rows in seen[who].values())
    assert found_by(another_patient(told)) == {kind: set() for kind in ALL}
    assert insured_browser(User.objects.get(email="aigul@example.kz")).get(page).status_code == 404


def test_a_dump_by_whom_the_walls_bind_has_nothing_of_it_and_is_not_called_restored(
    told: Half, lose: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: pg_dump that does not say that it is the house."""
    run = postgres_tools.run
    monkeypatch.setattr(postgres_tools, "run", lambda *command, alias, job="": run(*command, alias=alias))
    backup = saved(tmp_path / "backups")
    lose()
    with pytest.raises(BadBackup, match=r"not what was saved: .*telemed_conclusion.*telemed_message"):
        restore_backup(backup=backup)
    assert not Message.objects.exists()


def test_the_rights_of_the_role_web_come_back_as_they_were(
    house: str, lose: Callable[[], None], tmp_path: Path
) -> None:
    backup = saved(tmp_path / "backups")
    lose()
    restore_backup(backup=backup)
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('core_auditevent', 'DELETE'), has_table_privilege('core_limit', 'DELETE')"
        )
        assert cursor.fetchone() == (False, True)


def test_a_database_that_holds_something_is_left_alone(house: str, tmp_path: Path) -> None:
    backup = saved(tmp_path / "backups")
    with pytest.raises(CommandError, match="is not empty"):
        call_command("restore", str(backup))
    assert Policy.objects.count() == 1


@pytest.mark.parametrize("spoiled", ["database.dump", "originals"])
def test_a_spoiled_backup_is_refused_before_anything_is_written(
    spoiled: str, house: str, lose: Callable[[], None], tmp_path: Path
) -> None:
    backup = saved(tmp_path / "backups")
    file = next(path for path in sorted((backup / spoiled).rglob("*")) or [backup / spoiled] if path.is_file())
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    lose()
    with pytest.raises(CommandError, match=r"Not the files|not the file that was written"):
        call_command("restore", str(backup))
    with connections["owner"].cursor() as cursor:
        assert connections["owner"].introspection.table_names(cursor) == []


@pytest.mark.long
def test_what_differs_after_the_restore_is_named(house: str, lose: Callable[[], None], tmp_path: Path) -> None:
    """The control of the comparison: a manifest that counted one policy more."""
    backup = saved(tmp_path / "backups")
    manifest = json.loads((backup / MANIFEST).read_text())
    manifest["tables"]["policies_policy"][0] += 1
    (backup / MANIFEST).write_text(json.dumps(manifest))
    lose()
    with pytest.raises(CommandError, match=r"not what was saved: policies_policy$"):
        call_command("restore", str(backup))


@pytest.mark.long
def test_a_changed_cell_changes_the_digest_and_the_order_of_rows_does_not(house: str, tmp_path: Path) -> None:
    first = Manifest.read(saved(tmp_path / "a"))
    Policy.objects.update(contract_number="Д-2026/117")  # writes each row anew, elsewhere
    same = Manifest.read(saved(tmp_path / "b"))
    Policy.objects.update(contract_number="Д-2026/118")
    other = Manifest.read(saved(tmp_path / "c"))
    assert first.tables["policies_policy"] == same.tables["policies_policy"] != other.tables["policies_policy"]


@pytest.mark.long
def test_an_original_that_the_earlier_backup_has_takes_no_second_place(house: str, tmp_path: Path) -> None:
    backups = [saved(tmp_path / "backups", NOW + timedelta(hours=hour)) for hour in range(2)]
    first, second = ([path for path in backup.glob("originals/*/*") if path.is_file()] for backup in backups)
    assert [path.stat().st_ino for path in first] == [path.stat().st_ino for path in second] != []


@pytest.mark.long
def test_a_sent_file_that_goes_while_the_backup_is_made_stops_it_not(
    house: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = list(files())
    Upload.objects.get().derivative.delete(save=False)
    monkeypatch.setattr("core.backups.files", lambda: iter(listed))
    names = Manifest.read(saved(tmp_path)).files
    assert len(names) == len(listed) - 1
    assert not any(name.startswith("derivatives") for name in names)


@pytest.mark.long
def test_the_oldest_backups_go_and_what_a_killed_one_left(house: str, tmp_path: Path) -> None:
    made = [saved(tmp_path, NOW + timedelta(hours=hour)) for hour in range(3)]
    (tmp_path / "portal-20261121T060000Z.unfinished").mkdir()
    forget_old_backups(folder=tmp_path, keep=2)
    assert backups_in(tmp_path) == made[1:]
    assert not list(tmp_path.glob("*.unfinished"))


def test_a_backup_is_readable_by_its_maker_only(house: str, tmp_path: Path) -> None:
    assert saved(tmp_path).stat().st_mode & 0o077 == 0


@pytest.mark.long
def test_without_the_tools_of_the_servers_version_the_backup_says_so(house: str, settings: Any, tmp_path: Path) -> None:
    settings.POSTGRES_BIN = str(tmp_path)
    with pytest.raises(CommandError, match=r"pg_dump \d+ is needed, as the server is"):
        call_command("back_up", str(tmp_path / "backups"))
    assert not backups_in(tmp_path / "backups")


def test_a_tool_of_another_version_is_not_taken(tmp_path: Path, settings: Any) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.9'\n")
    old.chmod(0o755)
    settings.POSTGRES_BIN = str(tmp_path)
    assert postgres_tools.tool("pg_dump", major=14) == str(old)
    with pytest.raises(postgres_tools.NoTool):
        postgres_tools.tool("pg_dump", major=15)


def test_keeping_no_backup_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="1 or more"):
        call_command("back_up", str(tmp_path), keep=0)
