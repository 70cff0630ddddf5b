"""Open an account, sign in, remember devices (accounts), codes by SMS (codes), the account's number (mobile)."""

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
    set_language,
    sign_in,
    use_staff_link,
    verify_address,
)
from accounts.services.codes import Checked, check_code, forget_codes, send_code
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
    "NumberTaken",
    "apply_due_changes",
    "change_unconfirmed_address",
    "check_code",
    "discard_unconfirmed",
    "end_session",
    "end_sessions",
    "forget_codes",
    "hash_of",
    "one_time_staff_link",
    "open_account",
    "open_staff_account",
    "record_device",
    "reseal_authenticators",
    "send_code",
    "set_language",
    "set_mobile",
    "sign_in",
    "stop_change",
    "stop_change_by_link",
    "tell",
    "use_staff_link",
    "verify_address",
    "withdraw_mobile",
]
