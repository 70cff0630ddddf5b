"""Forty at once: one attempt, one conclusion, one claim with one answer."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from policies.models import GivenBack
from telemed.models import Attempt, ClaimAnswer, Conclusion, Consultation, QualityClaim
from telemed.rules import AttemptResult, State, Verdict, WrongMoment
from telemed.services import attempts
from telemed.services.attempts import TooEarly, record_attempt
from telemed.services.conclusions import conclude
from telemed.services.quality import answer_claim, file_claim
from tests.factories import a_borrower
from tests.people import aigul, oksana
from tests.policies.conftest import originals
from tests.races.crowd import all_at_once
from tests.telemed.after import ENDED, WRITTEN, a_talk, sent
from tests.telemed.factories import NOW, a_consultation, a_doctor, a_patient

__all__ = ["originals"]  # the fixture: where documents lie
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LATER = NOW + timedelta(minutes=3)


@pytest.fixture
def missed(originals: Path) -> Consultation:
    user = aigul()
    policy = a_patient(user, a_borrower())
    doctor = a_doctor(oksana(), insurer=policy.insurer)
    return a_consultation(user, policy, State.UNANSWERED, doctor=doctor, called_at=NOW)


def attempt(_number: int) -> bool:
    by = User.objects.get(email="oksana@example.kz")
    try:
        record_attempt(consultation=Consultation.objects.get(), result=AttemptResult.NO_ANSWER, by=by, now=LATER)
    except TooEarly:
        return False
    return True


def test_of_forty_attempts_at_once_one_counts(missed: Consultation) -> None:
    assert sum(all_at_once(attempt)) == 1
    assert Attempt.objects.get().number == 1


@pytest.mark.long
def test_without_the_lock_the_constraint_alone_lets_one_through(
    missed: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: all forty believe that theirs is the first."""
    monkeypatch.setattr(attempts, "lock", lambda consultation: Consultation.objects.get(pk=consultation.pk))

    def one(number: int) -> Any:
        try:
            return attempt(number)
        except Exception as error:
            return type(error).__name__

    found = all_at_once(one)
    assert found.count(True) == 1
    assert "IntegrityError" in found
    assert Attempt.objects.count() == 1


def test_of_forty_who_send_a_conclusion_one_does(originals: Path) -> None:
    talk = a_talk()

    def send(_number: int) -> bool:
        try:
            conclude(consultation=talk, sections=WRITTEN, by=None, now=ENDED)
        except WrongMoment:
            return False
        return True

    assert sum(all_at_once(send)) == 1
    assert Conclusion.objects.count() == 1


def test_of_forty_who_claim_and_forty_who_answer_one_does(originals: Path) -> None:
    sent(a_talk())
    consultation = Consultation.objects.get()

    def claims(_number: int) -> bool:
        try:
            file_claim(consultation=consultation, text="…", by=consultation.asked_by, now=ENDED)
        except WrongMoment:
            return False
        return True

    def answers(number: int) -> bool:
        try:
            answer_claim(
                claim=QualityClaim.objects.get(), verdict=list(Verdict)[number % 2], text=f"{number}",
                by=consultation.asked_by, now=ENDED,
            )  # fmt: skip
        except WrongMoment:
            return False
        return True

    assert [sum(all_at_once(claims)), sum(all_at_once(answers))] == [1, 1]
    answer = ClaimAnswer.objects.get()
    assert GivenBack.objects.count() == (1 if answer.verdict == Verdict.UPHELD else 0)
