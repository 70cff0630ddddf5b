"""The cast. Aigul is insured and has proved her address; Dana is a stranger to her; Marat works at the call centre.

Gulnar keeps one insurer's registers, Saule audits it. Oksana is on duty, Yerlan a cardiologist, Zarina coordinates.
"""

from functools import cache
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.test import Client

from accounts.models import User
from policies.models import Insurer, StaffMembership
from policies.rules import StaffRole

PASSWORD = "Tulpan 1950 gul"


def aigul(**facts: Any) -> User:
    return a_person("aigul@example.kz", language="kk", **facts)


def dana(**facts: Any) -> User:
    return a_person("dana@example.kz", **facts)


def marat(**facts: Any) -> User:
    return a_person("marat@example.kz", is_staff=True, **facts)


def saule(**facts: Any) -> User:
    return a_person("saule@example.kz", is_staff=True, **facts)


def oksana(**facts: Any) -> User:
    return a_person("oksana@example.kz", is_staff=True, **facts)


def yerlan(**facts: Any) -> User:
    return a_person("yerlan@example.kz", is_staff=True, **facts)


def zarina(insurer: Insurer) -> User:
    return a_member(StaffRole.COORDINATOR, insurer, "zarina@example.kz")


def at_work(user: User, insurer: Insurer, role: StaffRole) -> Client:
    """The member of staff's browser, signed in with the second factor; employed by this insurer from now on."""
    StaffMembership.objects.create(user=user, insurer=insurer, role=role)
    return staff_browser(user)


def registrar(insurer: Insurer, email: str = "gulnar@example.kz") -> User:
    return a_member(StaffRole.REGISTRAR, insurer, email)


def auditor(insurer: Insurer, email: str = "saule@example.kz") -> User:
    return a_member(StaffRole.AUDITOR, insurer, email)


def a_member(role: StaffRole, insurer: Insurer, email: str) -> User:
    user = a_person(email, is_staff=True)
    StaffMembership.objects.create(user=user, insurer=insurer, role=role)
    return user


def staff_browser(user: User) -> Client:
    """A browser whose session has passed the second factor this minute."""
    return _signed_in(user, method="mfa", type="totp")


def insured_browser(user: User) -> Client:
    """A browser whose session gave the password this minute."""
    return _signed_in(user, method="password")


def _signed_in(user: User, **how: str) -> Client:
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request = HttpRequest()
    request.session = browser.session
    record_authentication(request, user, reauthenticated=True, **how)
    request.session.save()
    return browser


@cache
def hashed(password: str, hasher: str) -> str:
    """A hash costs a tenth of a second, and the cast shares one password."""
    return make_password(password)


def a_person(email: str, *, verified: bool = True, password: str = PASSWORD, **facts: Any) -> User:
    user = User.objects.create(email=email, password=hashed(password, settings.PASSWORD_HASHERS[0]), **facts)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=verified)
    return user
