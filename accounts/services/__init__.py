"""Open an account, sign in, remember devices (accounts), codes by SMS (codes), the account's number
(mobile), a lost second step (factor), who is told (telling)."""

from accounts.rules import hash_of
from accounts.services.accounts import (
    AUTHENTICATORS,
    AddressTaken,
    LinkSpent,
    change_unconfirmed_address,
    discard_unconfirmed,
    end_session,
    end_sessions,
    one_time_staff_link,
    open_account,
    open_staff_account,
    record_device,
    reseal_authenticators,
    set_first_password,
    set_language,
    sign_in,
    use_staff_link,
    verify_address,
)
from accounts.services.codes import Checked, check_code, forget_codes, send_code
from accounts.services.factor import (
    NeedsColleague,
    NothingToLift,
    ask_to_lift_factor,
    confirm_lifting,
    lift_due_factors,
    stop_lifting_by_link,
)
from accounts.services.mobile import (
    NumberTaken,
    apply_due_changes,
    set_mobile,
    stop_change,
    stop_change_by_link,
    withdraw_mobile,
)
from accounts.services.telling import tell

__all__ = [
    "AUTHENTICATORS",
    "AddressTaken",
    "Checked",
    "LinkSpent",
    "NeedsColleague",
    "NothingToLift",
    "NumberTaken",
    "apply_due_changes",
    "ask_to_lift_factor",
    "change_unconfirmed_address",
    "check_code",
    "confirm_lifting",
    "discard_unconfirmed",
    "end_session",
    "end_sessions",
    "forget_codes",
    "hash_of",
    "lift_due_factors",
    "one_time_staff_link",
    "open_account",
    "open_staff_account",
    "record_device",
    "reseal_authenticators",
    "send_code",
    "set_first_password",
    "set_language",
    "set_mobile",
    "sign_in",
    "stop_change",
    "stop_change_by_link",
    "stop_lifting_by_link",
    "tell",
    "use_staff_link",
    "verify_address",
    "withdraw_mobile",
]
