"""The doctor: for whom full access opens the patient; the coordinators' room, without what troubles anybody; and who
may be read of by anybody."""

from tests.security.matrix.actors import ACCOUNTS, COORDINATORS, HELPED, OPERATORS, STAFF, Actor
from tests.security.matrix.law import Row, cabinet, desk, everybody

PATIENTS = HELPED - {Actor.LIMITED}  # full access only


def consultation(url: str, **facts: int) -> Row:
    return Row(url, ACCOUNTS, PATIENTS, of="consultation", else_=404, **facts)  # type: ignore[arg-type]


def booking(url: str, of: str, **facts: int) -> Row:
    return Row(url, ACCOUNTS, PATIENTS, of=of, get=302, else_=404, **facts)  # type: ignore[arg-type]


BOOKING_PAGES = {
    "telemed:specialities": "person's service",
    "telemed:booking_doctors": "person's speciality",
    "telemed:times": "person's doctor",
}
PUBLISHED = {"doctor": "temirbekova", "organisation": "dariger"}  # an example of each, by its slug
ROWS: list[Row] = [
    # The patient and the duty doctor.
    cabinet("telemed:home"),
    cabinet("telemed:entry", post=200),  # nobody here has proved a number
    cabinet("telemed:request", get=302, post=302),  # NSK sells no consultations: back to the section
    consultation("telemed:consultation"),
    consultation("telemed:place"),
    consultation("telemed:telephone", get=405, post=302),
    consultation("telemed:cancellation", post=302),
    consultation("telemed:live_consultation", get=404),  # streams are served by another process (tests/live)
    # Files beside a form about somebody, which whoever sees the same person does not see; and files of a consultation.
    Row("telemed:unsent_files", ACCOUNTS, PATIENTS, of="person", else_=404, post=200),
    Row("telemed:unsent_file", ACCOUNTS, PATIENTS - {Actor.INVITED}, of="person's file", else_=404),
    Row("telemed:live_unsent_files", ACCOUNTS, PATIENTS, of="person", get=404, else_=404),
    consultation("telemed:files", post=200),
    consultation("telemed:new_files", post=200),  # empty: the form again
    Row("telemed:file", ACCOUNTS, PATIENTS, of="consultation's file", else_=404),
    consultation("telemed:live_files", get=404),
    # Booking a time: nobody here has proved a number, so whoever may is led to the entry.
    cabinet("telemed:booking"),
    cabinet("telemed:with_doctor", at=("temirbekova",)),  # nobody here has a programme with consultations: it says so
    *(booking(url, of) for url, of in BOOKING_PAGES.items()),
    booking("telemed:appointment", "person's service", post=302),
    consultation("telemed:new_time", get=302),  # what is not booked is not moved: back to its page
    consultation("telemed:move", get=302, post=302),
    consultation("telemed:calendar", get=404),  # what is urgent has no entry
    # For anybody, and on the way there.
    *(everybody(f"public:{name}") for name in ("doctors", "organisations")),
    *(everybody(f"telemed:{name}", get=302) for name in ("doctors", "organisations")),
    *(everybody(f"public:{name}", at=(slug,)) for name, slug in PUBLISHED.items()),
    *(everybody(f"public:{name}", at=("nobody-at-all",), get=404) for name in PUBLISHED),
    *(everybody(f"telemed:{name}", at=(slug,), get=302) for name, slug in PUBLISHED.items()),
    # Staff who answer the telephone, and the coordinators of an insurer.
    desk("telemed:callers", OPERATORS | COORDINATORS, post=200),  # empty: the form again
    Row("telemed:caller_cancellation", STAFF, OPERATORS | COORDINATORS, of="consultation", else_=403, post=200),
    desk("telemed:assistance", STAFF, get=302),  # to a page that knows whose it is
    desk("telemed:now", COORDINATORS),
    desk("telemed:board", COORDINATORS),
    desk("telemed:live_assistance", COORDINATORS, get=404),  # streams are served by another process (tests/live)
    desk("telemed:figures", COORDINATORS),
    desk("telemed:requests", COORDINATORS, query={"period": "month"}),
    desk("telemed:export", COORDINATORS, post=200),  # what is exported, and why, has to be said
    desk("telemed:payments", COORDINATORS),
    Row("telemed:payment", STAFF, COORDINATORS, of="unpaid consultation", else_=403, post=200),
    Row("telemed:payment_back", STAFF, COORDINATORS, of="owed consultation", else_=403, post=200),
]
