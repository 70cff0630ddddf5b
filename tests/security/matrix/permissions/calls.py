"""Calls and talks: at the patient’s whoever sees the affairs in full, at the desk the doctor of the consultation alone.

A talk that goes on is asked in tests/telemed/test_who_talks.py; the one here was not answered, and no actor is its doctor.
"""

from typing import Any

from tests.security.matrix.actors import ACCOUNTS, HELPED, NOBODY, STAFF, Actor
from tests.security.matrix.law import Row, cabinet


def at_patient(url: str, **facts: Any) -> Row:
    return Row(f"telemed:{url}", ACCOUNTS, HELPED - {Actor.LIMITED}, of="call", else_=404, **facts)


def at_doctor(url: str, **facts: Any) -> Row:
    return Row(f"telemed:{url}", STAFF, NOBODY, of="call", else_=404, **facts)


ROWS: list[Row] = [
    cabinet("telemed:device_check"),
    cabinet("telemed:device_check_sample"),
    at_patient("answer", get=405, post=302),
    at_patient("extension", get=405, post=302),  # word that it cannot be held
    at_patient("channel", get=405, post=302),
    at_patient("message", post=200),  # empty: the form again
    at_patient("media", get=405, post=400),
    at_patient("signals", get=405, post=400),
    at_patient("live_talk", get=400),  # it names nothing that was seen
    at_doctor("desk_call_start", get=405, post=302),
    at_doctor("desk_miss", get=405, post=302),
    at_doctor("desk_telephone", get=405, post=302),
    at_doctor("desk_end", get=405, post=302),
    at_doctor("desk_channel", get=405, post=302),
    at_doctor("desk_message", post=200),
    at_doctor("desk_media", get=405, post=400),
    at_doctor("desk_signals", get=405, post=400),
    at_doctor("live_desk_talk", get=400),
]
