"""Members of staff come to their desk with a password and a code from their app."""

import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.utils.translation import get_language

from policies.models import Insurer
from policies.rules import StaffRole
from tests.journeys.conftest import Come
from tests.journeys.visitor import Visitor
from tests.people import PASSWORD, a_member


def comes_to_work(come: Come, role: StaffRole, insurer: Insurer) -> Visitor:
    """At a desk with a wide screen."""
    user = a_member(role, insurer, f"{role}@example.kz")
    user.language = get_language()
    user.save(update_fields=["language"])
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    visitor = come(viewport={"width": 1280, "height": 900}).opens("/staff/").is_at("Sign in")
    visitor.types(user.email, into="E-mail or mobile number").types(PASSWORD, into="Password").presses("Sign in")
    visitor.types(format_hotp_value(hotp_value(secret, int(time.time()) // 30)), into="Code")
    return visitor.presses("Sign in").is_at("Overview")
