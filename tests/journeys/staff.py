"""Members of staff come to their desk with a password and a code from their app."""

import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.utils.translation import get_language

from accounts.models import User
from policies.models import Insurer
from policies.rules import StaffRole
from tests.journeys.conftest import Come
from tests.journeys.visitor import Visitor
from tests.people import PASSWORD, a_member, staff_browser

BUSY = 5  # seconds that two cores may take over a sign-in; a code that ends meanwhile is refused


def sits_at_the_desk(visitor: Visitor, user: User, site: str) -> Visitor:
    """With a session that has passed the second factor this minute."""
    name = settings.SESSION_COOKIE_NAME
    key = staff_browser(user).cookies[name].value
    https = site.replace("http:", "https:")  # as the prefix of the name demands; on localhost HTTP will do for the rest
    visitor.context.add_cookies([{"name": name, "value": key, "url": https, "secure": True}])
    return visitor


def comes_to_work(come: Come, role: StaffRole, insurer: Insurer) -> Visitor:
    """At a desk with a wide screen."""
    return opens_with_a_code(come, a_member(role, insurer, f"{role}@example.kz"), "/staff/").is_at("Overview")


def comes_to_the_claims(come: Come, insurer: Insurer) -> Visitor:
    """A coordinator."""
    user = a_member(StaffRole.COORDINATOR, insurer, "zarina@example.kz")
    return opens_with_a_code(come, user, "/assistance/claims/").is_at("Quality claims")


def comes_to_the_desk(come: Come, user: User) -> Visitor:
    """A doctor."""
    return opens_with_a_code(come, user, "/desk/").is_at("The doctor’s desk")


def opens_with_a_code(come: Come, user: User, address: str) -> Visitor:
    user.language = get_language()
    user.save(update_fields=["language"])
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    visitor = come(viewport={"width": 1280, "height": 900}).opens(address).is_at("Sign in")
    visitor.types(user.email, into="E-mail or mobile number").types(PASSWORD, into="Password").presses("Sign in")
    if (rest := 30 - time.time() % 30) < BUSY:
        time.sleep(rest)
    visitor.types(format_hotp_value(hotp_value(secret, int(time.time()) // 30)), into="Code")
    return visitor.presses("Sign In")  # allauth's
