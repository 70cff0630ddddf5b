"""What reviewers do about a claim, as the claimant meets it: documents, the clock, its letters."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from claims.models import Check, Claim, Item, Letter, Review
from claims.queries.timeline import timeline_of
from claims.rules.checklists import Form, Giver
from claims.rules.letters import LetterKind
from claims.rules.life import ItemState, State, WrongMoment
from claims.rules.terms import ExtensionRefused, TermKind
from claims.services.checking import NoApplication, NotJudged, answer_documents
from claims.services.documents import (
    NotAccepted,
    accept_item,
    ask_anew,
    ask_for_more,
    await_original,
    need_after_all,
    waive_item,
)
from claims.services.extending import extend_review
from claims.services.matching import match_claim
from claims.services.setting_aside import set_aside, take_up_again
from claims.services.suspending import ask_authority, note_criminal_case, record_answer
from claims.services.take import TakenAlready, end_absence, hand_over, note_absence, take_claim
from core.models import AuditEvent
from notices.models import Notice
from tests.claims.desk import a_case, applied, delivered, reviewed
from tests.claims.factories import NOW, a_guests_claim, an_insured, bakyt, timur
from tests.factories import TODAY
from tests.people import aigul

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A_DAY = timedelta(days=1)
DECIDE_UNTIL, PAY_UNTIL = date(2026, 12, 11), date(2027, 1, 6)  # 15 working days each after Saturday, 21 November


@pytest.fixture
def claim() -> Claim:
    return a_case()


def by(claim: Claim) -> object:
    return bakyt(claim.insurer)


def letter(claim: Claim) -> Letter:
    return claim.letters.latest("pk")


def accept_all(claim: Claim, user: object) -> None:
    for item in claim.items.all():
        accept_item(item=item, received_on=TODAY, by=user, now=NOW)


# ── Documents ────────────────────────────────────────────────────────────────
def test_all_documents_are_there_and_the_two_last_days_are_told(claim: Claim) -> None:
    """11.3(6): until when we decide, and until when we pay."""
    user = by(delivered(claim))
    accept_all(claim, user)
    assert answer_documents(claim=claim, by=user, now=NOW)
    claim.refresh_from_db()
    assert (claim.state, claim.next_kind, claim.next_on) == (State.REVIEW, TermKind.DECISION, DECIDE_UNTIL)
    assert Review.objects.get().since == TODAY
    assert Check.objects.get().answered_on == TODAY
    told = letter(claim)
    assert (told.kind, told.language, told.to) == (LetterKind.COMPLETE, "ru", "aigul@example.kz")
    assert "11 декабря 2026" in told.body
    assert "6 января 2027" in told.body


def test_the_review_counts_from_the_day_on_which_the_last_document_came(claim: Claim) -> None:
    """7.8: not from the day on which we looked."""
    Claim.objects.filter(pk=claim.pk).update(notified_on=TODAY - 5 * A_DAY)
    claim.refresh_from_db()
    user = by(delivered(claim))
    for item in claim.items.all():
        accept_item(item=item, received_on=TODAY - 3 * A_DAY, by=user, now=NOW)
    claim.application.sent_at = NOW - 4 * A_DAY
    claim.application.save()
    answer_documents(claim=claim, by=user, now=NOW)
    assert Review.objects.get().since == TODAY - 3 * A_DAY


def test_an_answer_after_both_last_days_tells_them_nevertheless(claim: Claim) -> None:
    """The documents lay for a hundred days: the review begins on the day they came and is late at once."""
    user = by(delivered(claim))
    accept_all(claim, user)
    assert answer_documents(claim=claim, by=user, now=NOW + 100 * A_DAY)
    told = letter(claim)
    assert "11 декабря 2026" in told.body
    assert "6 января 2027" in told.body


def test_what_is_missing_is_named_with_its_form_and_the_reason(claim: Claim) -> None:
    user = by(delivered(claim))
    accept_all(claim, user)
    ask_anew(item=claim.items.get(code="I5"), why="Печать не видна", by=user, now=NOW)
    assert not answer_documents(claim=claim, by=user, now=NOW)
    claim.refresh_from_db()
    assert claim.state == State.INCOMPLETE
    told = letter(claim).body
    assert "Печать не видна" in told
    assert "Выписка из истории болезни" in told
    assert "Удостоверение личности" not in told
    assert not Review.objects.exists()


def test_nothing_is_answered_before_all_that_came_was_looked_at(claim: Claim) -> None:
    with pytest.raises(NotJudged):
        answer_documents(claim=delivered(claim), by=by(claim), now=NOW)


def test_without_an_application_no_review_begins(claim: Claim) -> None:
    """10.1, 10.2: the address and the accounts stand in it."""
    user = by(claim)
    Item.objects.filter(claim=claim).update(state=ItemState.ACCEPTED, received_on=TODAY)
    Claim.objects.filter(pk=claim.pk).update(state=State.CHECKING)
    with pytest.raises(NoApplication):
        answer_documents(claim=claim, by=user, now=NOW)
    applied(claim)
    assert answer_documents(claim=Claim.objects.get(), by=user, now=NOW)


def test_an_original_is_awaited_after_its_photo(claim: Claim) -> None:
    user, item = by(delivered(claim)), claim.items.get(code="I1b")
    await_original(item=item, by=user, now=NOW)
    assert claim.items.get(code="I1b").state == ItemState.ORIGINAL_AWAITED
    with override("en"), pytest.raises(NotAccepted, match="A photo or a scan is enough"):
        await_original(item=claim.items.get(code="I2"), by=user, now=NOW)


def test_what_the_amount_is_read_from_cannot_be_waived(claim: Claim) -> None:
    """10.4 lets the insurer shorten the list; without I3 neither the event nor its amount is known."""
    user = by(delivered(claim))
    with pytest.raises(NotAccepted):
        waive_item(item=claim.items.get(code="I3"), why="Есть в реестре", by=user, now=NOW)
    waive_item(item=claim.items.get(code="I2"), why="Есть в реестре", by=user, now=NOW)
    item = claim.items.get(code="I2")
    assert (item.state, item.why) == (ItemState.WAIVED, "Есть в реестре")
    need_after_all(item=item, why="В реестре другое имя", by=user, now=NOW)
    assert claim.items.get(code="I2").state == ItemState.NEEDED


def test_one_document_more_needs_its_reason_and_comes_last(claim: Claim) -> None:
    user = by(claim)
    for number in (1, 2):
        more = ask_for_more(
            claim=claim, title="Акт", form=Form.COPY, giver=Giver.AUTHORITY, why="Причина не ясна", by=user, now=NOW
        )
        assert more.code == f"X{number}"
    assert [item.code for item in claim.items.all()][-2:] == ["X1", "X2"]


@pytest.mark.parametrize(("days", "is_taken"), [(-1, False), (0, True), (1, False)])
def test_a_document_came_between_the_notice_and_today(claim: Claim, days: int, is_taken: bool) -> None:
    user, item = by(delivered(claim)), claim.items.earliest("pk")
    if is_taken:
        accept_item(item=item, received_on=TODAY + days * A_DAY, by=user, now=NOW)
    else:
        with pytest.raises(NotAccepted):
            accept_item(item=item, received_on=TODAY + days * A_DAY, by=user, now=NOW)


def test_a_decided_claim_has_no_documents_to_answer_about(claim: Claim) -> None:
    user = by(delivered(claim))
    Claim.objects.filter(pk=claim.pk).update(state=State.REFUSED)
    with pytest.raises(WrongMoment):
        accept_item(item=claim.items.earliest("pk"), received_on=TODAY, by=user, now=NOW)


# ── The clock ────────────────────────────────────────────────────────────────
def test_a_question_to_an_authority_stops_the_days_until_its_answer(claim: Claim) -> None:
    user = by(reviewed(claim))
    stop = ask_authority(
        claim=claim,
        authority="Полиция Астаны",
        question="Кто был виноват?",
        why="Обстоятельства не ясны",
        language="ru",
        by=user,
        now=NOW,
    )
    claim.refresh_from_db()
    assert (claim.state, claim.next_kind) == (State.SUSPENDED, "")
    assert timeline_of(claim, today=TODAY).waits_for == "authority"
    assert "Обстоятельства не ясны" in letter(claim).body
    week = NOW + 7 * A_DAY
    record_answer(suspension=stop, answer="Водитель", by=user, now=week)
    claim.refresh_from_db()
    assert claim.state == State.REVIEW
    assert claim.next_on == date(2026, 12, 21)  # five working days stood still, and the 16th is a holiday
    assert letter(claim).kind == LetterKind.RESUMED
    with pytest.raises(WrongMoment):
        record_answer(suspension=stop, answer="Ещё раз", by=user, now=week)


def test_of_two_questions_the_days_wait_for_both(claim: Claim) -> None:
    user = by(reviewed(claim))
    first = ask_authority(claim=claim, authority="Полиция", question="?", why="…", language="ru", by=user, now=NOW)
    second = note_criminal_case(claim=claim, authority="Суд", why="…", by=user, now=NOW)
    record_answer(suspension=first, answer="…", by=user, now=NOW)
    claim.refresh_from_db()
    assert claim.state == State.SUSPENDED
    record_answer(suspension=second, answer="…", by=user, now=NOW)
    claim.refresh_from_db()
    assert claim.state == State.REVIEW


def test_a_review_is_extended_while_it_runs_openly(claim: Claim) -> None:
    user = by(reviewed(claim))
    extend_review(claim=claim, until=date(2026, 12, 25), why="Ждём экспертизу", by=user, now=NOW)
    claim.refresh_from_db()
    assert claim.next_on == date(2026, 12, 25)
    assert "Ждём экспертизу" in letter(claim).body
    assert "25 декабря 2026" in letter(claim).body
    late = NOW + 60 * A_DAY
    with pytest.raises(ExtensionRefused):
        extend_review(claim=claim, until=date(2027, 3, 1), why="…", by=user, now=late)
    assert claim.reviews.get().extensions.count() == 1


def test_nothing_is_stopped_or_extended_where_no_review_runs(claim: Claim) -> None:
    user = by(claim)
    for act in (
        lambda: ask_authority(claim=claim, authority="…", question="?", why="…", language="ru", by=user, now=NOW),
        lambda: extend_review(claim=claim, until=DECIDE_UNTIL, why="…", by=user, now=NOW),
    ):
        with pytest.raises(WrongMoment):
            act()
    assert not Notice.objects.exists()


# ── Whose it is ──────────────────────────────────────────────────────────────
def test_a_free_claim_is_taken_once(claim: Claim) -> None:
    first, second = bakyt(claim.insurer), timur(claim.insurer)
    take_claim(claim=claim, by=first, now=NOW)
    take_claim(claim=claim, by=first, now=NOW)
    with pytest.raises(TakenAlready, match="bakyt"):
        take_claim(claim=claim, by=second, now=NOW)
    assert AuditEvent.objects.filter(verb="gave a claim to a reviewer").count() == 1


def test_of_an_absent_colleague_a_claim_is_taken_over(claim: Claim) -> None:
    first, second = bakyt(claim.insurer), timur(claim.insurer)
    take_claim(claim=claim, by=first, now=NOW)
    away = note_absence(insurer=claim.insurer, user=first, since=TODAY, until=TODAY + 9 * A_DAY, by=second)
    assert take_claim(claim=claim, by=second, now=NOW).reviewer == second
    end_absence(absence=away, by=second, today=TODAY)
    with pytest.raises(TakenAlready):
        take_claim(claim=claim, by=first, now=NOW)


def test_a_claim_is_handed_over_or_set_free(claim: Claim) -> None:
    first, second = bakyt(claim.insurer), timur(claim.insurer)
    take_claim(claim=claim, by=first, now=NOW)
    assert hand_over(claim=claim, to=second, by=first, reason="Отпуск", now=NOW).reviewer == second
    assert hand_over(claim=claim, to=None, by=second, reason="Не мой", now=NOW).taken_at is None


# ── A guest's notice; what rests ─────────────────────────────────────────────
def test_a_notice_finds_its_contract_until_the_review_begins() -> None:
    policy = an_insured(aigul())
    claim = a_guests_claim(policy.insurer)
    user = bakyt(claim.insurer)
    match_claim(claim=claim, policy=policy, by=user, now=NOW)
    claim.refresh_from_db()
    assert (claim.person, claim.policy) == (policy.insured, policy)
    Claim.objects.filter(pk=claim.pk).update(state=State.REVIEW)
    with pytest.raises(WrongMoment):
        match_claim(claim=claim, policy=policy, by=user, now=NOW)


def test_what_is_set_aside_is_told_and_can_be_taken_up_again(claim: Claim) -> None:
    user = by(claim)
    set_aside(claim=claim, reason="То же дело, что 26-0000001-8", by=user, now=NOW)
    claim.refresh_from_db()
    assert (claim.state, claim.is_open) == (State.SET_ASIDE, False)
    assert "26-0000001-8" in letter(claim).body
    take_up_again(claim=claim, by=user, now=NOW)
    claim.refresh_from_db()
    assert (claim.state, claim.is_open) == (State.CHECKING, True)


def test_a_review_is_never_set_aside_instead_of_decided(claim: Claim) -> None:
    with pytest.raises(WrongMoment):
        set_aside(claim=reviewed(claim), reason="Удобно", by=by(claim), now=NOW)
