"""Staff only through the second factor: every address of the staff's side, and no other place to try passwords at."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.admin import AdminSite
from django.contrib.admin import site as staff_site
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from accounts.hashers import BoundedArgon2Hasher
from accounts.models import User
from accounts.sites import StaffSite
from policies.models import Access
from policies.rules import StaffRole
from tests.factories import a_policy
from tests.people import PASSWORD, a_member, a_person
from tests.security.addresses import path_of, routes

pytestmark = pytest.mark.django_db
STAFF = [route for route in routes() if route.startswith("staff/")]


def examples() -> dict[str, str]:
    policy = a_policy(iin="610314400017", phone="+77012344567")
    user = a_person("dana@example.kz")
    Access.objects.create(user=user, person=policy.insured, kind="representative", scope="full", proof="invited")
    key = str(policy.insured.public_id)
    return {
        "public_id": key, "object_id": key, "policy": str(policy.public_id), "account": str(user.public_id),
        "guest": key, "insurer": policy.insurer.slug, "app_label": "activation",
        "content_type_id": "1", "url": "nowhere",
    }  # fmt: skip


SECRETS = ("4410", "610314400017", "+7701", "Айгуль", "Садыкова", "Sphera", "Реестр")


def at_the_desk(*, factor: bool) -> Client:
    """An operator and keeper of NSK's registers whose session has seen only the password."""
    user = a_member(StaffRole.OPERATOR, a_policy("9").insurer, "marat@example.kz")
    User.objects.update(is_superuser=True)
    if factor:
        TOTP.activate(user, generate_totp_secret())
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.mark.parametrize(
    "factor",
    [pytest.param(False, id="none is set up", marks=pytest.mark.long), pytest.param(True, id="it was not passed")],
)
def test_without_the_second_factor_no_address_of_the_staffs_side_opens(factor: bool) -> None:
    asks_for_it = "/accounts/2fa/reauthenticate/" if factor else "/accounts/2fa/"
    browser, arguments = at_the_desk(factor=factor), examples()
    for route in STAFF:
        path = path_of(route, arguments)
        answer = browser.get(path, follow=True)
        end = answer.redirect_chain[-1][0] if answer.redirect_chain else path
        assert end.partition("?")[0] == asks_for_it, route
        assert [secret for secret in SECRETS if secret in answer.text] == [], route
        assert browser.post(path).status_code == 302, route


def test_with_it_they_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the crawl above fails where the site looks at the rights alone."""
    monkeypatch.setattr(StaffSite, "has_permission", AdminSite.has_permission)
    answer = at_the_desk(factor=True).get(
        path_of("staff/activation/insuredperson/<path:object_id>/change/", examples())
    )
    assert answer.status_code == 200
    assert any(secret in answer.text for secret in SECRETS)


def test_25_wrong_passwords_do_not_reach_the_check(checks: list[str]) -> None:
    a_member(StaffRole.OPERATOR, a_policy().insurer, "marat@example.kz")
    for number in range(25):
        Client().post("/staff/login/", {"username": "marat@example.kz", "password": f"{PASSWORD}{number}"})
    assert checks == []
    for number in range(25):
        Client().post("/accounts/login/", {"login": "marat@example.kz", "password": f"{PASSWORD}{number}"})
    assert len(checks) == 5
    assert Client().post("/accounts/login/", {"login": "marat@example.kz", "password": PASSWORD}).status_code == 200
    assert len(checks) == 5  # locked: the right one is not compared either


def test_at_djangos_own_door_all_25_would(checks: list[str], rf: RequestFactory) -> None:
    """Control: security.md, 1.6."""
    a_member(StaffRole.OPERATOR, a_policy().insurer, "marat@example.kz")
    for number in range(25):
        request: Any = rf.post("/", {"username": "marat@example.kz", "password": f"{PASSWORD}{number}"})
        request.user, request.session, request._dont_enforce_csrf_checks = AnonymousUser(), {}, True
        AdminSite.login(staff_site, request)
    assert len(checks) == 25


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were compared with Marat's."""
    compared: list[str] = []

    def verify(self: Any, password: str, encoded: str) -> bool:
        compared.append(password)
        return password == PASSWORD

    monkeypatch.setattr(BoundedArgon2Hasher, "verify", verify)
    return compared
