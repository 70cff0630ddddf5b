"""Write a message (outbox), word it in the recipient's language (wording), hand it over (delivery)."""

from notices.services.delivery import Outcome, deliver_batch
from notices.services.outbox import (
    Draft,
    NotParked,
    forget_old,
    post,
    post_many,
    retry_parked,
    withdraw,
    withdraw_all,
    written,
)

__all__ = [
    "Draft",
    "NotParked",
    "Outcome",
    "deliver_batch",
    "forget_old",
    "post",
    "post_many",
    "retry_parked",
    "withdraw",
    "withdraw_all",
    "written",
]
