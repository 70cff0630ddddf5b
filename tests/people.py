"""The cast. Aigul is insured and has proved her address; Dana is a stranger to her; Marat works at the call centre."""

import time

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.models import User

PASSWORD = "Tulpan 1950 gul"


def aigul(**facts: object) -> User:
    return a_person("aigul@example.kz", language="kk", **facts)


def dana(**facts: object) -> User:
    return a_person("dana@example.kz", **facts)


def marat(**facts: object) -> User:
    return a_person("marat@example.kz", is_staff=True, **facts)


def staff_browser(user: User) -> Client:
    """A browser whose session has passed the second factor."""
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session.save()
    return browser


def a_person(email: str, *, verified: bool = True, password: str = PASSWORD, **facts: object) -> User:
    user = User.objects.create(email=email, password=make_password(password), **facts)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=verified)
    return user
