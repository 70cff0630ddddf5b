"""A worker's round: claim rows, hand them over, write what came of it.

Any number of workers may run at once. A claim is one statement, so no row has two workers; a lease that has run out
means a dead worker, and the row is taken again with the same key. A round begins outside any transaction: what has
left the house cannot be rolled back.
"""

import json
import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import InterfaceError, OperationalError, connection

from notices.gateways import gateway_for
from notices.gateways.base import Gateway, Misconfigured, NotAccepted, Refused, Temporary
from notices.rules import BATCH_TIME, LEASE, Answer, Channel, State, Step, after, lost_with_its_workers
from notices.services.claims import Claimed, claim
from notices.services.wording import CannotBeWorded, word

logger = logging.getLogger(__name__)

# Results are written by the hundred or by the second: a killed worker repeats no more than those.
SLICE = 100
SLICE_SECONDS = 1.0
RESTART = 30.0  # seconds that PostgreSQL may be away before what has left the house is given up, and leaves again

# The lease is the fence: a worker that outlived its own finds another one there and changes nothing; the log tells of both.
SETTLE = """
    WITH result AS (
        SELECT * FROM jsonb_to_recordset(%(results)s::jsonb)
            AS result(id bigint, state text, next_try_at timestamptz, tries int, answer text, words text, provider_id text)
    ), logged AS (
        INSERT INTO notices_delivery (notice_id, at, outcome, answer, provider_id)
        SELECT id, %(now)s, answer, words, provider_id FROM result WHERE answer IS NOT NULL
    )
    UPDATE notices_notice AS notice SET
        state = result.state, next_try_at = result.next_try_at, tries = result.tries, leased_until = NULL,
        answer = COALESCE(result.answer, notice.answer),
        context = CASE WHEN result.state = 'sent' AND secret THEN '{}' ELSE context END,
        "to" = CASE WHEN result.state = 'sent' AND forget THEN '' ELSE "to" END
    FROM result
    WHERE notice.id = result.id AND notice.state = 'claimed' AND notice.leased_until = %(lease)s
"""

ANSWERS: dict[type[Exception], Answer] = {
    CannotBeWorded: Answer.REFUSED,
    Temporary: Answer.TEMPORARY,
    Refused: Answer.REFUSED,
    Misconfigured: Answer.MISCONFIGURED,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one claimed notice. No answer: there was no time for it."""

    notice: Claimed
    answer: Answer | None
    words: str = ""
    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many notices one round claimed and what it heard; the rest was left for the next round."""

    claimed: int
    accepted: int
    temporary: int
    refused: int
    misconfigured: int


def deliver_batch(*, now: datetime, size: int = 500) -> Outcome:
    """One round. `now` decides what is due and dates the answers (a round takes at most rules.BATCH_TIME)."""
    lease = now + LEASE
    heard: Counter[Answer | None] = Counter()
    claimed = claim(now=now, lease=lease, size=size)
    for results in _slices(_hand_over_all(claimed)):
        _record(results, now, lease)
        heard.update(result.answer for result in results)
    return Outcome(claimed=len(claimed), **{answer.value: heard[answer] for answer in Answer})


def _hand_over_all(claimed: list[Claimed]) -> Iterator[Result]:
    """SMS first: somebody looks at a screen that asks for the code."""
    ends = time.monotonic() + BATCH_TIME.total_seconds()
    by_channel = sorted(claimed, key=lambda notice: (notice.channel != Channel.SMS, notice.pk))
    for channel, notices in groupby(by_channel, key=lambda notice: notice.channel):
        with gateway_for(channel) as gateway:
            yield from _through(gateway, notices, ends)


def _through(gateway: Gateway, notices: Iterable[Claimed], ends: float) -> Iterator[Result]:
    """A fault that would meet every message is answered for the rest without asking: 500 time-outs are an hour."""
    common: NotAccepted | None = None
    for notice in notices:
        if lost_with_its_workers(notice.tries):
            yield Result(notice, Answer.REFUSED, "its workers died")
        elif notice.is_late:
            yield Result(notice, Answer.REFUSED, "too late to be of use")
        elif common is not None:
            yield Result(notice, ANSWERS[type(common)], str(common))
        elif time.monotonic() > ends:
            yield Result(notice, None)
        else:
            result, common = _hand_over(gateway, notice)
            yield result


def _hand_over(gateway: Gateway, notice: Claimed) -> tuple[Result, NotAccepted | None]:
    """The second value is what every other message would hear too."""
    try:
        accepted = gateway.deliver(word(notice))
    except (CannotBeWorded, NotAccepted) as error:
        common = error if isinstance(error, NotAccepted) and error.everyone else None
        return Result(notice, ANSWERS[type(error)], str(error)), common
    except Exception as error:  # a fault of ours must not hold up the rest; the trace may not name the recipient
        logger.error("Notice %s: %s in the gateway", notice.public_id, type(error).__name__)
        return Result(notice, Answer.TEMPORARY, type(error).__name__), None
    return Result(notice, Answer.ACCEPTED, accepted.answer, accepted.provider_id), None


def _slices(results: Iterable[Result]) -> Iterator[list[Result]]:
    slice_: list[Result] = []
    begun = time.monotonic()
    for result in results:
        slice_.append(result)
        if len(slice_) == SLICE or time.monotonic() - begun > SLICE_SECONDS:
            yield slice_
            slice_, begun = [], time.monotonic()
    if slice_:
        yield slice_


def _record(results: list[Result], now: datetime, lease: datetime) -> None:
    """While PostgreSQL restarts the letters are in the mailboxes already: wait for it."""
    ends = time.monotonic() + RESTART
    while True:
        try:
            return _settle(results, now, lease)
        except (OperationalError, InterfaceError):
            if time.monotonic() > ends:
                raise
            connection.close()
            time.sleep(0.5)


def _settle(results: list[Result], now: datetime, lease: datetime) -> None:
    steps = [after(result.answer, result.notice.tries) for result in results]
    rows = [
        {
            "id": result.notice.pk, "state": step.state, "next_try_at": (now + step.pause).isoformat(), "tries": step.tries,
            "answer": result.answer, "words": _on_record(result.words, 300),
            "provider_id": _on_record(result.provider_id, 100),
        }
        for result, step in zip(results, steps, strict=True)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"now": now, "lease": lease, "results": json.dumps(rows)})
    _alert(results, steps)


def _alert(results: list[Result], steps: list[Step]) -> None:
    parked = sum(step.state is State.PARKED for step in steps)
    wrong = sum(result.answer is Answer.MISCONFIGURED for result in results)
    if parked or wrong:
        logger.error("%d notices parked, %d met wrong settings: see the list of notices", parked, wrong)


def _on_record(words: str, length: int) -> str:
    """On one line and without the zero byte, which PostgreSQL refuses."""
    return " ".join(words.replace("\0", " ").split())[:length]
