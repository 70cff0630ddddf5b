"""The payers' room: payment officers pay, auditors read, approvers decide about penalties. And what reviewers do about money."""

from typing import Any

from tests.security.matrix.actors import APPROVERS, AUDITORS, CASHIERS, REVIEWERS, STAFF, Actors
from tests.security.matrix.law import Row, desk

PAYERS = CASHIERS | AUDITORS
PENALTIES = PAYERS | APPROVERS
READERS = REVIEWERS | APPROVERS | AUDITORS


def room(url: str, of: str, may: Actors = PAYERS, **facts: Any) -> Row:
    """403 for staff of other rooms, 404 for another insurer's."""
    return Row(f"claims:{url}", STAFF, may, of=of, else_=403, **facts)


def money(url: str, of: str = "paid claim", acts: Actors = REVIEWERS, **facts: Any) -> Row:
    return room(url, of, READERS, acts=acts, **facts)


ROWS: list[Row] = [
    desk("claims:payments", PAYERS, acts=CASHIERS, post=200),
    room("payments_case", "paid claim"),
    desk("claims:payment_files", PAYERS),
    room("payment_file", "payment file"),
    room("payment_orders", "payment file"),
    room("payment_recall", "payment order", acts=CASHIERS, post=200),  # a reason has to be given
    desk("claims:bank_answers", PAYERS, acts=CASHIERS, post=200),
    room("bank_answer", "bank answer"),
    desk("claims:penalties", PENALTIES),
    room("late", "late payment", PENALTIES, acts=CASHIERS, post=200),
    room("penalty", "penalty", PENALTIES),
    Row("claims:penalty_approval", STAFF, APPROVERS, of="penalty", get=405, post=302),
    Row("claims:penalty_return", STAFF, APPROVERS, of="penalty", get=405, post=200),
    desk("claims:rates", PAYERS, acts=CASHIERS, post=200),
    # At the reviewer's desk.
    money("loan", post=200),
    money("loan_file", get=405, post=200),
    money("loan_letter", get=405, post=200),
    room("desk_money", "paid claim", READERS),
    money("lump_sum", get=405, post=302),
    money("stop", post=200),
    money("stop_approval", "end of payouts", APPROVERS, get=405, post=302),
    money("stop_return", "end of payouts", APPROVERS, get=405, post=200),
    money("desk_recertification", post=200),
    money("examination", post=200),
    money("examination_result", "examination", post=200),
    money("desk_account", "payee", post=200),
    money("account_entry", "account request", get=405, post=302),
    money("account_refusal", "account request", post=200),
]
