"""Whoever owns an account learns of every change of the way in, at every contact that it has or had."""

from typing import Any

from accounts.models import User
from notices.services import post


def tell(
    user: User, kind: str, *, brand: dict[str, str], email: str | None = None, phone: str | None = None, **facts: Any
) -> None:
    """By letter and by SMS. `email` and `phone`: the old one where it has just changed; "" where there is nobody to tell.

    What is told may hold a link that acts, so it is wiped when it has left.
    """
    contacts = {
        "email": user.email if email is None else email,
        "sms": str(user.phone or "") if phone is None else phone,
    }
    for channel, to in contacts.items():
        if to:
            context = {**facts, "brand": brand}
            post(kind, to=to, channel=channel, language=user.language, context=context, secret=True)
