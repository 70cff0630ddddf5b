"""Letters with personal links to a firm's people: to whom, at which pace, and what becomes of each (SGZ-12)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from activation.models import Activation, Mailing, PersonalLetter
from activation.queries.mailings import preview, progress, refused_letters
from activation.rules import LINKS_LIVE, MailingEvent, MailingState, WrongMoment, due_until, letters_due
from activation.rules.mailing import MAILING_MOVES
from activation.services import mailings
from activation.services.mailings import (
    AlreadyRunning,
    NobodyToWrite,
    act_on_mailing,
    hand_out_letters,
    note_bounces,
)
from notices.models import Delivery, Notice
from notices.rules import Answer, State
from policies.models import Person, Policy
from tests.activation.mailings import PEOPLE, a_firm, a_mailing, handed_out, insured, written
from tests.people import a_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def activated(policy: Policy) -> None:
    user = a_person(f"{policy.pk}@example.kz")
    Activation.objects.create(
        policy=policy, user=user, nonce=f"n{policy.pk}", email=user.email, language="ru", kind="self", scope="full",
        proof="facts", state="finished", finished_at=timezone.now(),
    )  # fmt: skip


def refused(letter: Notice, words: str = "550 5.1.1 no such mailbox") -> None:
    Notice.objects.filter(pk=letter.pk).update(state=State.PARKED, answer=Answer.REFUSED)
    Delivery.objects.create(notice=letter, at=timezone.now(), outcome=Answer.REFUSED, answer=words)


def of(mailing: Mailing) -> dict[str, int]:
    return {name: count for name, count in vars(progress(mailing)).items() if count}


# ── To whom ──────────────────────────────────────────────────────────────────
def test_everybody_with_an_address_who_has_not_activated_gets_one_letter() -> None:
    aigul, *_others = a_firm()
    insured("Без почты", "", 41)
    activated(aigul)
    mailing = a_mailing()
    assert sorted(letter.to for letter in handed_out(mailing)) == ["dina@alma.kz", "erlan@alma.kz"]
    assert handed_out(mailing, now=mailing.started_at + 10 * MINUTE) == written()
    assert len(written()) == 2


def test_the_preview_says_why_somebody_gets_none() -> None:
    aigul, *_others = a_firm()
    insured("Без почты", "", 41)
    insured("Ушёл", "gone@alma.kz", 42, cover_ends_on=timezone.localdate() - timedelta(days=1))
    activated(aigul)
    mailing = a_mailing()
    first, _second = handed_out(mailing)
    refused(first)
    found = preview(mailing.product, mailing.organisation, today=timezone.localdate(), now=mailing.started_at + MINUTE)
    assert vars(found) == {
        "people": 4, "activated": 1, "without_email": 1, "refused": 1, "invited": 1, "to_write": 0,
    }  # fmt: skip


def test_the_last_day_of_cover_is_a_day_of_cover() -> None:
    insured("Сегодня", "today@alma.kz", 41, cover_ends_on=timezone.localdate())
    assert len(handed_out(a_mailing())) == 1


def test_a_letter_names_its_reader_in_their_language() -> None:
    policy = insured("Айгуль", "home@alma.kz", 31)
    insured("Ерлан", "home@alma.kz", 32)
    Person.objects.filter(parties__policy=policy).update(language="kk")
    one, other = handed_out(a_mailing())
    assert (one.language, other.language) == ("kk", "ru")
    assert (one.context["personal"]["insured"], other.context["personal"]["insured"]) == ("Айгуль С.", "Ерлан С.")
    assert one.context["personal"]["url"] != other.context["personal"]["url"]


def test_nobody_to_write_to_makes_no_mailing() -> None:
    insured("Без почты", "", 41)
    with pytest.raises(NobodyToWrite):
        a_mailing()
    assert not Mailing.objects.exists()


def test_a_second_mailing_waits_for_the_end_of_the_first() -> None:
    a_firm()
    mailing = a_mailing()
    with pytest.raises(AlreadyRunning):
        a_mailing()
    handed_out(mailing)
    with pytest.raises(NobodyToWrite):  # everybody has a letter whose link works
        a_mailing()


def test_who_came_with_a_later_register_is_written_to_by_a_further_mailing() -> None:
    a_firm()
    handed_out(a_mailing())
    insured("Новая", "new@alma.kz", 41)
    assert [letter.to for letter in handed_out(a_mailing())][-1] == "new@alma.kz"
    assert len(written()) == 4


@pytest.mark.parametrize(("later", "again"), [(LINKS_LIVE - SECOND, False), (LINKS_LIVE, True)])
def test_when_the_link_has_run_out_somebody_may_be_written_to_again(later: timedelta, again: bool) -> None:
    a_firm({"Айгуль": "aigul@alma.kz"})
    first = a_mailing()
    handed_out(first)
    if again:
        a_mailing(now=first.started_at + later)
    else:
        with pytest.raises(NobodyToWrite):
            a_mailing(now=first.started_at + later)


def test_a_refused_address_is_left_alone_until_a_register_corrects_it() -> None:
    (policy,) = a_firm({"Айгуль": "aigul@alma.kz"})
    (letter,) = handed_out(a_mailing())
    refused(letter)
    with pytest.raises(NobodyToWrite):
        a_mailing()
    Person.objects.filter(parties__policy=policy).update(email="right@alma.kz")
    assert [letter.to for letter in handed_out(a_mailing())] == ["aigul@alma.kz", "right@alma.kz"]


def test_whoever_was_left_waiting_by_a_stop_is_reached_by_the_next() -> None:
    a_firm()
    mailing = a_mailing()
    act_on_mailing(mailing=mailing, event=MailingEvent.STOP, by=mailing.started_by, now=mailing.started_at)
    assert written() == []
    assert len(handed_out(a_mailing())) == 3


# ── At the pace ──────────────────────────────────────────────────────────────
def many(count: int) -> None:
    a_firm({f"Имя{number}": f"p{number}@alma.kz" for number in range(count)})


def test_letters_leave_at_the_pace() -> None:
    many(12)
    mailing = a_mailing(pace=6)
    counts = []
    for seconds in (0, 9, 10, 19, 20, 25, 30):
        hand_out_letters(now=mailing.started_at + seconds * SECOND)
        counts.append(len(written()))
    assert counts == [0, 0, 1, 1, 2, 2, 3]


def test_a_worker_that_was_away_makes_up_for_a_minute_and_no_more() -> None:
    many(12)
    mailing = a_mailing(pace=6)
    hand_out_letters(now=mailing.started_at + timedelta(hours=1))
    assert len(written()) == 6


def test_what_is_due_leaves_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    many(13)
    mailing = a_mailing(pace=12)
    monkeypatch.setattr(mailings, "PORTION", 5)
    assert hand_out_letters(now=mailing.started_at + MINUTE) == 12
    assert len(written()) == 12


def test_a_mail_server_that_takes_nothing_gets_no_more_than_a_minutes_letters() -> None:
    many(12)
    mailing = a_mailing(pace=5)
    for minute in range(60):
        hand_out_letters(now=mailing.started_at + minute * MINUTE)
    assert len(written()) == 5
    Notice.objects.update(state=State.SENT, answer=Answer.ACCEPTED, context={})
    hand_out_letters(now=mailing.started_at + 61 * MINUTE)
    assert len(written()) == 10


def test_without_the_back_pressure_an_hour_would_pile_them_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    many(12)
    mailing = a_mailing(pace=5)
    monkeypatch.setattr(mailings, "_due", lambda mailing, now: 5)
    hand_out_letters(now=mailing.started_at + MINUTE)
    assert len(written()) == 12


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"since": 60}, 60), ({"since": 1}, 1), ({"since": 0.9}, 0), ({"since": 3600}, 60), ({"since": -5}, 0),
        ({"since": 60, "in_hand": 60}, 0), ({"since": 60, "in_hand": 59}, 1), ({"since": 60, "in_hand": 100}, 0),
        ({"since": 60, "in_hand": 60, "handed_out": 1000}, 50), ({"since": 30, "in_hand": 10}, 30),
    ],
)  # fmt: skip
def test_how_many_are_due(facts: dict[str, float], due: int) -> None:
    since = NOW - facts["since"] * SECOND
    handed_out, in_hand = int(facts.get("handed_out", 0)), int(facts.get("in_hand", 0))
    assert letters_due(pace=60, since=since, now=NOW, handed_out=handed_out, in_hand=in_hand) == due


def test_fractions_of_a_letter_are_kept_and_what_is_older_than_a_minute_is_not() -> None:
    since = NOW - 25 * SECOND
    assert due_until(pace=6, since=since, now=NOW, given=2) == since + 20 * SECOND
    assert due_until(pace=6, since=NOW - timedelta(hours=1), now=NOW, given=6) == NOW


# ── Its life ─────────────────────────────────────────────────────────────────
def test_pause_resume_stop() -> None:
    many(3)
    mailing = a_mailing()
    by, start = mailing.started_by, mailing.started_at
    act_on_mailing(mailing=mailing, event=MailingEvent.PAUSE, by=by, now=start)
    assert handed_out(mailing) == []
    act_on_mailing(mailing=mailing, event=MailingEvent.RESUME, by=by, now=start + timedelta(hours=1))
    assert handed_out(mailing, now=start + timedelta(hours=1)) == []
    assert len(handed_out(mailing, now=start + timedelta(hours=1, seconds=1))) == 3
    steps = list(mailing.steps.order_by("pk").values_list("event", flat=True))
    assert steps == ["start", "pause", "resume", "finish"]


@pytest.mark.parametrize("state", MailingState)
@pytest.mark.parametrize("event", [MailingEvent.PAUSE, MailingEvent.RESUME, MailingEvent.STOP])
def test_what_cannot_happen_now_changes_nothing(state: MailingState, event: MailingEvent) -> None:
    many(1)
    mailing = a_mailing()
    Mailing.objects.update(state=state)
    if (state, event) in MAILING_MOVES:
        act_on_mailing(mailing=mailing, event=event, by=mailing.started_by, now=NOW)
    else:
        with pytest.raises(WrongMoment):
            act_on_mailing(mailing=mailing, event=event, by=mailing.started_by, now=NOW)
        assert Mailing.objects.get().state == state


def test_whoever_activates_meanwhile_gets_no_letter_and_the_mailing_ends() -> None:
    aigul, *others = a_firm()
    mailing = a_mailing()
    for policy in (aigul, *others):
        activated(policy)
    assert handed_out(mailing) == []
    mailing.refresh_from_db()
    assert mailing.state == MailingState.DONE
    assert of(mailing) == {"activated": 3}


def test_the_states_of_the_letters_are_read_off_what_happened() -> None:
    policies = a_firm({**PEOPLE, "Жанар": "zhanar@alma.kz", "Виктор": "viktor@alma.kz"})
    mailing = a_mailing(pace=4)
    _on_its_way, sent, parked, bounced = handed_out(mailing)
    Notice.objects.filter(pk__in=[sent.pk, bounced.pk]).update(state=State.SENT, answer=Answer.ACCEPTED, context={})
    refused(parked)
    note_bounces(mailing=mailing, addresses={bounced.to: "mailbox full"}, by=mailing.started_by, now=NOW)
    assert of(mailing) == {"on_its_way": 1, "sent": 1, "refused": 2, "waiting": 1}
    activated(policies[0])
    assert of(mailing) == {"activated": 1, "sent": 1, "refused": 2, "waiting": 1}


# ── What came back ───────────────────────────────────────────────────────────
def test_who_refused_and_why() -> None:
    a_firm()
    mailing = a_mailing()
    one, other, _third = handed_out(mailing)
    refused(one)
    note_bounces(mailing=mailing, addresses={other.to.lower(): "mailbox full"}, by=mailing.started_by, now=NOW)
    found = {(letter.email, letter.reason) for letter in refused_letters(mailing)}
    assert found == {(one.to, "550 5.1.1 no such mailbox"), (other.to, "mailbox full")}


def test_bounces_mark_once_only_this_mailing_and_only_what_left() -> None:
    a_firm({**PEOPLE, "Жанар": "zhanar@alma.kz"})
    mailing = a_mailing(pace=3)
    handed_out(mailing)
    every = dict.fromkeys([*PEOPLE.values(), "zhanar@alma.kz", "stranger@alma.kz"], "back")
    assert note_bounces(mailing=mailing, addresses=every, by=mailing.started_by, now=NOW) == 3
    assert note_bounces(mailing=mailing, addresses=every, by=mailing.started_by, now=NOW) == 0
    assert PersonalLetter.objects.filter(bounced_at=None).count() == 1


# ── What it costs ────────────────────────────────────────────────────────────
def test_a_portion_costs_the_same_number_of_statements_for_three_and_for_thirty(
    django_assert_max_num_queries: Any,
) -> None:
    many(30)
    mailing = a_mailing(pace=100)
    with django_assert_max_num_queries(20):
        hand_out_letters(now=mailing.started_at + MINUTE)
    assert len(written()) == 30


def test_progress_is_one_statement(django_assert_num_queries: Any) -> None:
    many(3)
    mailing = a_mailing()
    with django_assert_num_queries(1):
        progress(mailing)
