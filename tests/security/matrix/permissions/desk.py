"""The doctor's desk: a doctor's own patients, hours and phrases; what comes after a talk, for whom full access opens the
patient; quality claims, for the coordinators of the insurer."""

from typing import Any

from tests.security.matrix.actors import ACCOUNTS, COORDINATORS, DOCTORS, HELPED, STAFF, Actor
from tests.security.matrix.law import Row, desk, everybody


def after(url: str, of: str, **facts: Any) -> Row:
    return Row(f"telemed:{url}", ACCOUNTS, HELPED - {Actor.LIMITED}, of=of, else_=404, **facts)


def own(url: str, of: str, **facts: Any) -> Row:
    """Another doctor's is not found; to whom no desk belongs, nothing is."""
    return Row(f"telemed:{url}", STAFF, DOCTORS, of=of, else_=404, **facts)


ROWS: list[Row] = [
    # After a talk.
    after("claim", "held", post=200),
    after("rating", "held", get=405, post=302),
    after("conclusion", "conclusion"),
    everybody("telemed:conclusion_check", at=("invented",), get=404),
    # The desk.
    desk("telemed:desk", DOCTORS),
    desk("telemed:live_desk", DOCTORS, get=404),  # streams are served by another process (tests/live)
    own("duty", "doctor", get=405, post=302),
    own("next_patient", "doctor", get=405, post=302),
    own("desk_consultation", "talk"),
    own("desk_files", "talk", post=200),
    own("desk_new_files", "talk", post=200),
    own("desk_file", "talk's file"),
    own("desk_live_files", "talk", get=404),
    own("desk_attempts", "talk", get=405, post=200),  # what happened has to be said
    own("desk_dialling", "talk", get=405, post=302),
    own("desk_return", "talk", get=405, post=200),  # a reason has to be given
    own("desk_draft", "talk", get=405, post=302),
    own("desk_conclusion", "talk", get=405, post=200),  # empty: the form again
    own("desk_earlier", "earlier conclusion"),
    own("referral", "talk"),
    own("referral_time", "talk's speciality", post=200),  # no time is chosen
    # A doctor's own hours and phrases.
    desk("telemed:schedule", DOCTORS),
    own("new_hours", "doctor", post=200),
    own("new_absence", "doctor", post=200),
    own("end_of_hours", "hours", get=405, post=302),
    own("absence_removal", "absence", get=405, post=302),
    desk("telemed:phrases", DOCTORS, post=200),
    own("phrase_removal", "phrase", get=405, post=302),
    # The coordinators of an insurer.
    desk("telemed:claims", COORDINATORS),
    Row("telemed:assistance_claim", STAFF, COORDINATORS, of="claim", else_=403, post=200),
]
