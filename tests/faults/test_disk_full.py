"""No room for an upload: a plain answer, nothing half kept, and it works again as soon as there is room (F9)."""

import errno
import os
import resource
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client

from core.whole_files import NotSaved, WholeFileStorage
from policies.models import Insurer, Register
from tests.factories import an_insurer
from tests.people import registrar, staff_browser
from tests.policies.registers import ROW, as_csv
from tests.policies.test_registers_pages import upload

ROOM = 2 * 1024 * 1024  # bytes
TOO_MUCH = os.urandom(ROOM + 1)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """2 MB: a disk of its own where mounting is allowed, else a limit on every file of this process."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = mount(folder)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not mounted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    yield folder
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    if mounted:
        subprocess.run(["umount", folder], check=True)


def mount(folder: Path) -> bool:
    try:
        command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def files_in(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


# ── The storage ──────────────────────────────────────────────────────────────
def test_a_file_that_does_not_fit_leaves_nothing(small_disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    storage = WholeFileStorage(location=small_disk)
    with pytest.raises(NotSaved):
        storage.save("nsk/large", File(BytesIO(TOO_MUCH)))
    assert files_in(small_disk) == {}
    assert "A file could not be saved" in caplog.text
    storage.save("nsk/small", File(BytesIO(b"room again")))
    assert files_in(small_disk) == {"nsk/small": 10}


def test_djangos_own_storage_leaves_half_of_it_under_its_name(small_disk: Path) -> None:
    """Control."""
    with pytest.raises(OSError, match=r"No space|too large"):
        FileSystemStorage(location=small_disk).save("nsk/large", File(BytesIO(TOO_MUCH)))
    (size,) = files_in(small_disk).values()
    assert 0 < size < len(TOO_MUCH)


class Killed(BaseException):
    """As a power cut."""


def test_until_it_is_whole_nobody_finds_it_under_its_name(tmp_path: Path) -> None:
    class Breaks(File):
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"half"
            seen.append(files_in(tmp_path))
            raise Killed

    seen: list[dict[str, int]] = []
    with pytest.raises(Killed):
        WholeFileStorage(location=tmp_path).save("nsk/file", Breaks(BytesIO()))
    assert [set(files) & {"nsk/file"} for files in seen] == [set()]
    assert files_in(tmp_path) == {}


def test_a_file_has_the_rights_that_django_gives(tmp_path: Path) -> None:
    for storage in (WholeFileStorage, FileSystemStorage):
        storage(location=tmp_path, file_permissions_mode=0o640).save(storage.__name__, File(BytesIO(b"x")))
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o640}


# ── The page ─────────────────────────────────────────────────────────────────
@pytest.fixture
def nsk() -> Insurer:
    return an_insurer()


@pytest.fixture
def keeper(nsk: Insurer) -> Client:
    browser = staff_browser(registrar(nsk))
    browser.raise_request_exception = False
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@pytest.mark.django_db
def test_whoever_uploads_reads_that_it_was_not_kept_and_tries_again_later(
    keeper: Client, nsk: Insurer, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Register._meta.get_field("file"), "storage", WholeFileStorage(location=small_disk))
    refused = upload(keeper, TOO_MUCH, nsk)
    assert refused.status_code == 200
    assert "Файл не сохранён: неполадка на нашей стороне. Отправьте его позже ещё раз." in refused.text
    assert (Register.objects.count(), files_in(small_disk)) == (0, {})
    assert upload(keeper, as_csv(ROW), nsk).status_code == 302
    assert Register.objects.count() == len(files_in(small_disk)) == 1


@pytest.mark.django_db
def test_a_disk_that_is_full_before_the_view_begins_has_a_page_of_its_own(
    keeper: Client, nsk: Insurer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django keeps what is larger than 2.5 MB in a temporary file while it reads the request."""

    def is_full(file: Any, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, "write", is_full, raising=False)
    refused = upload(keeper, b"x" * 3_000_000, nsk)
    assert (refused.status_code, refused["Retry-After"]) == (503, "600")
    assert "Из отправленного ничего не сохранилось." in refused.text
    assert not Register.objects.exists()
