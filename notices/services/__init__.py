"""Write a message (outbox), word it in the recipient's language (wording), hand it over (delivery)."""

from notices.services.delivery import Outcome, deliver_batch
from notices.services.outbox import NotParked, forget_old, post, retry_parked, withdraw

__all__ = ["NotParked", "Outcome", "deliver_batch", "forget_old", "post", "retry_parked", "withdraw"]
