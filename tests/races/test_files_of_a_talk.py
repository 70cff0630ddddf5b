"""A file is one message, however many requests of its sender arrive at once; and goes where its form went, or stays."""

from collections import Counter
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from accounts.models import User
from core.uploads import checking
from core.uploads.inspection import Refusal
from core.uploads.rules import State as Checked
from core.uploads.services import accept_upload, hand_over_uploads
from policies.models import Policy
from telemed.models import Consultation, Message
from telemed.queries.files import unsent_files
from telemed.services import files
from tests.core.uploads.conftest import disk
from tests.core.uploads.sending import PHOTO, Disk
from tests.people import aigul
from tests.races.crowd import all_at_once, while_waiting
from tests.telemed.factories import NOW, a_consultation, a_patient

__all__ = ["disk"]  # the fixture: where the files lie
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def user(disk: Disk) -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_patient(user)


@pytest.fixture
def waiting(user: User, policy: Policy) -> Consultation:
    consultation = a_consultation(user, policy)
    accept_upload(file=SimpleUploadedFile("IMG_1.jpg", PHOTO), into=consultation.files, by=user, now=NOW)
    return consultation


def said_at_once(waiting: Consultation) -> Counter[str]:
    def says(number: int) -> str:
        try:
            files.say_files(consultation=waiting, now=NOW)
        except IntegrityError:
            return "refused by the database"
        return "said"

    return Counter(all_at_once(says))


def test_said_forty_times_at_once_it_is_one_message(waiting: Consultation) -> None:
    assert said_at_once(waiting) == {"said": 40}
    assert Message.objects.count() == 1


@pytest.mark.long
def test_without_the_lock_the_database_refuses_the_others(
    waiting: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control."""

    def unlocked(consultation: Consultation) -> Any:
        return Consultation.objects.select_related("insurer").get(pk=consultation.pk)

    monkeypatch.setattr(files, "lock", unlocked)
    assert said_at_once(waiting)["refused by the database"] > 0
    assert Message.objects.count() == 1


@pytest.mark.parametrize("is_sent_first", [True, False])
def test_what_is_judged_while_its_form_is_sent_lies_where_the_form_went(
    user: User, policy: Policy, is_sent_first: bool
) -> None:
    beside, talk = unsent_files(user, policy.insured), a_consultation(user, policy)
    upload = accept_upload(file=SimpleUploadedFile("CT.dcm", b"DICM"), into=beside, by=user, now=NOW)
    acts = [
        lambda: hand_over_uploads(of=beside, into=talk.files, now=NOW),
        lambda: checking._refuse(upload, Refusal.DICOM, NOW),
    ]
    first, other = acts if is_sent_first else acts[::-1]
    while_waiting(other, first)
    upload.refresh_from_db()
    assert (upload.state, upload.collection, upload.kept_at) == (Checked.REFUSED, talk.files.key, None)
