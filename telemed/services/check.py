"""The measured download of the device check: bounded, and no more often than somebody looks at a page."""

import base64
import os
from datetime import datetime

from accounts.models import User
from core.limits import Allowance, spend
from telemed.rules import A_MINUTE, SAMPLE, SAMPLES_A_MINUTE


class Measured(Exception):
    """As often as it may be within a minute."""


def take_sample(*, by: User, now: datetime) -> bytes:
    """SAMPLE letters that no network makes much shorter. Raise Measured."""
    if spend(Allowance(f"telemed.sample:{by.pk}", SAMPLES_A_MINUTE, A_MINUTE), now=now).exhausted:
        raise Measured
    return base64.b64encode(os.urandom(SAMPLE * 3 // 4))
