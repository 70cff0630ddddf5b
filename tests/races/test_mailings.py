"""Forty at once: one mailing starts, each letter is handed out once, one browser opens a guest's link."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import GuestAccess
from accounts.rules import Answer
from accounts.services import open_with_code, send_guest_code
from activation.models import Mailing
from activation.services.mailings import AlreadyRunning, hand_out_letters, start_mailing
from notices.models import Notice
from policies.models import Organisation, Policy
from tests.accounts.guests import an_access, code_to
from tests.activation.mailings import a_firm, a_mailing
from tests.people import a_person
from tests.races.crowd import CROWD, all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def starting() -> list[str]:
    a_firm()
    policy = Policy.objects.select_related("product_version__product")[0]
    firm = Organisation.objects.get(parties__policy=policy)
    by = a_person("keeper@nsk.kz", is_staff=True)

    def start(number: int) -> str:
        try:
            start_mailing(
                product=policy.product_version.product, organisation=firm, pace=600, language="ru", by=by,
                now=timezone.now(),
            )  # fmt: skip
        except AlreadyRunning:
            return "too late"
        return "started"

    return all_at_once(start)


def test_of_forty_who_start_the_same_mailing_one_does() -> None:
    assert sorted(starting()) == ["started", *["too late"] * (CROWD - 1)]
    assert Mailing.objects.count() == 1


def test_of_forty_workers_none_hands_a_letter_out_twice() -> None:
    a_firm({f"Имя{number}": f"p{number}@alma.kz" for number in range(30)})
    mailing = a_mailing(pace=600)
    all_at_once(lambda number: str(hand_out_letters(now=mailing.started_at + timedelta(minutes=1))))
    addresses = handed_out_to()
    assert len(addresses) == len(set(addresses)) == 30


def handed_out_to() -> list[str]:
    return list(Notice.objects.filter(kind="invitation").values_list("to", flat=True))


@pytest.mark.long
def test_without_the_lock_letters_would_leave_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **how: rows)
    a_firm({f"Имя{number}": f"p{number}@alma.kz" for number in range(30)})
    mailing = a_mailing(pace=600)
    all_at_once(lambda number: str(hand_out_letters(now=mailing.started_at + timedelta(minutes=1))), crowd=8)
    assert len(handed_out_to()) > 30


def test_of_forty_tries_with_right_codes_one_opens() -> None:
    a_firm()
    access = an_access(a_mailing())
    now, asked = timezone.now(), {"browser": "hers", "source": "10.0.0.1"}
    send_guest_code(access=access, now=now, **asked)
    code = code_to()
    answers = all_at_once(lambda number: open_with_code(access=access, browser="hers", code=code, now=now).answer)
    assert answers.count(Answer.RIGHT) == 1
    assert GuestAccess.objects.exclude(opened_at=None).count() == 1
