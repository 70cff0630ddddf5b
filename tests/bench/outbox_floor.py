"""The least that empties an outbox: rows are locked while they are handed over, and all is written at the end.

A worker that dies repeats its whole batch; a slow mail server holds the transaction open; nothing is retried.
"""

import os

import psycopg
from django.utils import timezone
from psycopg.rows import dict_row

from notices.models import Notice
from notices.services.wording import word
from tests.bench.contest import Work
from tests.bench.outbox import Dropped, check_all_sent, fill

BATCH = 500


class Loop:
    def __init__(self) -> None:
        self.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, row_factory=dict_row)

    def prepare(self) -> None:
        fill()

    def work(self) -> Work:
        sent = 0
        while claimed := self.batch():
            sent += claimed
        return Work(sent, [])

    def batch(self) -> int:
        with self.connection.transaction(), Dropped() as transport:
            rows = self.connection.execute(TAKE, [BATCH]).fetchall()
            ids = [row["id"] for row in rows]
            accepted = [transport.deliver(word(Notice(**row))) for row in rows]
            self.connection.execute(SENT, [ids])
            self.connection.execute(
                LOGGED, [timezone.now(), ids, [one.answer for one in accepted], [one.provider_id for one in accepted]]
            )
        return len(rows)

    def check(self) -> None:
        check_all_sent()


TAKE = """
SELECT * FROM notices_notice WHERE state = 'waiting' AND next_try_at <= now()
ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
SENT = "UPDATE notices_notice SET state = 'sent', answer = 'accepted', tries = 1 WHERE id = ANY(%s)"
LOGGED = """
INSERT INTO notices_delivery (at, outcome, notice_id, answer, provider_id)
SELECT %s, 'accepted', one.* FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS one
"""
