"""Forty files at once: a collection never holds more than its number, one person never more than their bytes, and the
same photo is one upload. Without the lock the same burst passes both."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from core.errors import InputError
from core.models import Upload
from core.uploads import rules, services
from core.uploads.checking import check_next_upload
from core.uploads.rules import Collection, State
from tests.core.uploads.conftest import disk
from tests.core.uploads.sending import PHOTO, TALK, Disk, sent
from tests.people import aigul
from tests.races.crowd import CROWD, all_at_once

__all__ = ["disk"]  # the fixture: where the files lie
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
FIVE = Collection("nsk", "test.talk:5", most_files=5)
ROOM = 10  # bytes of one owner


@pytest.fixture
def sender(disk: Disk) -> User:
    return aigul()


def taken_of_forty(sender: User, into: Collection) -> int:
    """How many of forty different files of two bytes, sent at once, were taken."""

    def send(number: int) -> bool:
        try:
            sent(sender, b"%02d" % number, into=into, now=timezone.now())
        except InputError:
            return False
        return True

    return sum(all_at_once(send))


@contextmanager
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as unguarded:
        unguarded.setattr(services, "_one_at_a_time", lambda *keys: None)
        yield


def test_a_collection_takes_five_of_forty(sender: User, disk: Disk) -> None:
    assert taken_of_forty(sender, FIVE) == 5
    assert Upload.objects.count() == len(disk.originals) == 5


def test_one_person_fills_their_bytes_and_no_more(sender: User, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_BYTES_OF_OWNER", ROOM)
    assert taken_of_forty(sender, TALK) == ROOM // 2
    assert sum(path.stat().st_size for path in disk.originals) == ROOM


@pytest.mark.long
def test_without_the_lock_more_would_be_taken(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    with nobody_waits(monkeypatch):
        assert taken_of_forty(sender, FIVE) > 5


def test_two_collections_of_two_people_do_not_wait_in_a_circle(sender: User) -> None:
    """Everybody takes the locks in one order, whatever comes first in the call."""
    guests = [uuid.uuid4(), uuid.uuid4()]
    talks = [Collection("nsk", f"test.talk:{number}") for number in range(2)]

    def send(number: int) -> Upload:
        return sent(
            None, b"%02d" % number, into=talks[number % 2], guest=guests[number // 2 % 2], now=timezone.now()
        )  # fmt: skip

    assert len(all_at_once(send)) == CROWD


@pytest.mark.parametrize("lock", [True, False])
def test_one_photo_sent_forty_times_is_one_upload(
    sender: User, disk: Disk, monkeypatch: pytest.MonkeyPatch, lock: bool
) -> None:
    """The lock gives everybody the first one's row; without it the constraint alone keeps the second out."""

    def send(number: int) -> bool:
        try:
            return bool(sent(sender, now=timezone.now()))
        except IntegrityError:
            return False

    if lock:
        assert all(all_at_once(send))
    else:
        with nobody_waits(monkeypatch):
            all_at_once(send)
    assert Upload.objects.count() == len(disk.originals) == 1


def test_twenty_workers_check_each_file_once(sender: User, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        sent(sender, PHOTO + b"%d" % number, now=timezone.now())

    def work(number: int) -> None:
        while check_next_upload(now=timezone.now()):
            continue

    all_at_once(work, 20)
    assert set(Upload.objects.values_list("state", "tries")) == {(State.CLEAN, 1)}
    assert len(disk.derivatives) == 5
