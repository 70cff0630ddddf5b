"""What each answer leads to, and what an SMS costs."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.rules import (
    BATCH_TIME,
    GSM_7,
    GSM_7_TWICE,
    LEASE,
    LONGEST_TIMEOUT,
    PAUSES,
    STEPS_OF_A_LETTER,
    Answer,
    State,
    after,
    lost_with_its_workers,
    plain_sms,
    sms_parts,
)


def test_a_temporary_answer_is_tried_for_24_hours_and_then_parked() -> None:
    assert after(Answer.TEMPORARY, len(PAUSES)).state is State.WAITING
    assert after(Answer.TEMPORARY, len(PAUSES) + 1).state is State.PARKED
    assert timedelta(hours=24) <= sum(PAUSES, timedelta()) < timedelta(hours=25)


def test_pauses_only_grow_and_an_hour_is_the_longest() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert (PAUSES[0], PAUSES[-1]) == (timedelta(seconds=30), timedelta(hours=1))


def test_a_final_refusal_is_parked_at_once() -> None:
    assert after(Answer.REFUSED, 1).state is State.PARKED


@pytest.mark.parametrize("tries", [1, len(PAUSES) + 5])
def test_our_own_mistake_costs_the_message_no_try(tries: int) -> None:
    step = after(Answer.MISCONFIGURED, tries)
    assert (step.state, step.tries) == (State.WAITING, tries - 1)
    assert step.pause >= timedelta(minutes=10)


def test_a_message_there_was_no_time_for_is_due_at_once_and_loses_no_try() -> None:
    step = after(None, 3)
    assert (step.state, step.pause, step.tries) == (State.WAITING, timedelta(0), 2)


def test_a_message_that_outlives_all_its_workers_is_given_up_after_the_last_pause() -> None:
    assert not lost_with_its_workers(len(PAUSES) + 1)
    assert lost_with_its_workers(len(PAUSES) + 2)


def test_a_lease_outlasts_the_slowest_last_message() -> None:
    assert BATCH_TIME + STEPS_OF_A_LETTER * LONGEST_TIMEOUT < LEASE


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("a" * 71 + "₸", 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_on_both_sides_of_each_limit(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


def test_a_character_of_two_units_moves_whole_to_the_next_part() -> None:
    assert sms_parts("я" * 66 + "😀" + "я" * 66) == 3  # 134 units would fit two parts if it could break
    assert sms_parts("a" * 152 + "€" + "a" * 152) == 3


@given(st.text(max_size=400))
def test_parts_agree_with_filling_them_character_by_character(text: str) -> None:
    assert sms_parts(text) == parts_by_filling(text)


@given(st.text(alphabet=sorted(GSM_7 | GSM_7_TWICE), max_size=400))
def test_parts_agree_for_latin_texts_too(text: str) -> None:
    assert sms_parts(text) == parts_by_filling(text)


@given(st.text(max_size=200), st.text(max_size=50))
def test_more_text_never_costs_less(text: str, more: str) -> None:
    assert sms_parts(text + more) >= sms_parts(text)


def parts_by_filling(text: str) -> int:
    """Another road to the same number: the operator's, with real encodings."""
    latin = all(character in GSM_7 | GSM_7_TWICE for character in text)
    alone, joined = (160, 153) if latin else (70, 67)
    parts = [0]
    for character in text:
        size = 1 + (character in GSM_7_TWICE) if latin else len(character.encode("utf-16-le", "surrogatepass")) // 2
        if parts[-1] + size > joined:
            parts.append(0)
        parts[-1] += size
    return 1 if sum(parts) <= alone else len(parts)


def test_typography_is_written_simply() -> None:
    assert plain_sms("12\u00a0500 ₸ – «Полис»\n") == '12 500 тг - "Полис"'
    assert sms_parts(plain_sms("Cover from 1\u00a0December – " + "a" * 130)) == 1
