"""A passkey: added in the profile, used instead of the password. The authenticator is Chromium's own, in software."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation
from pytest_django.fixtures import Settings as SettingsWrapper

from tests.journeys.conftest import Come
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import PASSWORD, dana

IN_THE_PHONE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@contextmanager
def a_finger_on(visitor: Visitor) -> Iterator[None]:
    """A telephone that asks its owner for a finger, and gets it at once."""
    phone = visitor.context.new_cdp_session(visitor.page)
    phone.send("WebAuthn.enable")
    added = phone.send("WebAuthn.addVirtualAuthenticator", {"options": IN_THE_PHONE})
    try:
        yield
    finally:
        phone.send("WebAuthn.removeVirtualAuthenticator", added)
        phone.send("WebAuthn.disable")


def test_a_key_is_added_and_opens_the_cabinet_without_a_password(come: Come, settings: SettingsWrapper) -> None:
    # Given a cabinet that the password opens
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the live server speaks plain HTTP
    dana(language=translation.get_language())
    visitor = come().signs_in("dana@example.kz").is_at("Your policies")
    with a_finger_on(visitor):
        # When a passkey is added in the profile
        visitor.turns_to("Profile").follows("Second step at sign-in")
        visitor.opens("/accounts/2fa/webauthn/add/").types(PASSWORD, into="Password").presses("Confirm")
        visitor.main.get_by_label(says("What you call this key")).fill("Telefon")
        visitor.main.get_by_role("checkbox").check()
        visitor.page.locator("#mfa_webauthn_add").click()
        visitor.page.wait_for_url(lambda url: not url.endswith("/add/"))
        # Then, signed out, it opens the cabinet
        visitor.turns_to("Profile").presses("Sign out").is_at("Sign in")
        visitor.page.wait_for_load_state()  # the key is asked for by a script
        visitor.presses("Sign in with a passkey").is_at("Your policies")


def test_another_telephone_opens_nothing_and_the_page_says_so(come: Come, settings: SettingsWrapper) -> None:
    """Control: it is the key that opens, not the button."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    dana()
    visitor = come().opens("/accounts/login/").is_at("Sign in")
    visitor.page.wait_for_load_state()
    with a_finger_on(visitor):
        visitor.presses("Sign in with a passkey")
        visitor.reads("The device gave no passkey. Try again or choose another way.").is_at("Sign in")
