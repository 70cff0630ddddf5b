"""A form that carries the name of every column does exactly what the plain form does."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from policies.models import Difference, ProductVersion
from tests.accounts.sms import PHONE, asks, sent_to
from tests.activation.door import facts
from tests.factories import BORN, a_borrower, a_policy
from tests.forms import sends
from tests.people import PASSWORD
from tests.policies.registers import as_csv
from tests.security.matrix.actors import Actor, Household
from tests.security.matrix.world import World

OURS = ("accounts", "telemed", "activation", "policies", "notices", "core", "account", "mfa", "auth", "admin")
EVERY_FIELD = {
    name
    for model in apps.get_models()
    if model._meta.app_label in OURS
    for field in model._meta.get_fields()
    for name in (field.name, getattr(field, "attname", field.name))
}
VOLATILE = {"django_session", "core_cache", "core_limit", "core_sentform"}  # written by every request alike
Written = dict[str, list[dict[str, Any]]]
Door = Callable[[World, dict[str, str]], Any]


def poison(value: str) -> dict[str, str]:
    """`action` steers the admin's own forms; `policy` says for which policy a form of the door was drawn, so that another
    value stops it altogether."""
    return dict.fromkeys(EVERY_FIELD - {"action", "policy"}, value)


# ── Doors: each posts its own answers over whatever else comes along ─────────
def language(world: World, more: dict[str, str]) -> Any:
    return world.browser(Actor.OWNER).post("/accounts/language/", more | {"language": "kk"})


def new_address(world: World, more: dict[str, str]) -> Any:
    Authenticator.objects.filter(user=world.users[Actor.OWNER]).delete()  # with a second step no address may be added
    return world.browser(Actor.OWNER).post("/accounts/email/", more | {"action_add": "", "email": "new@example.kz"})


def password(world: World, more: dict[str, str]) -> Any:
    answers = {"oldpassword": PASSWORD, "password1": "Kaktus 1951 gul", "password2": "Kaktus 1951 gul"}
    return world.browser(Actor.OWNER).post("/accounts/password/change/", more | answers)


def activation(world: World, more: dict[str, str]) -> Any:
    a_policy("4410099999")
    browser = Client()
    browser.post("/activate/sphera/", more | facts("4410099999", BORN))
    answers = {"email": "new@example.kz", "password": PASSWORD, "password_again": PASSWORD, "kind": "self"}
    return sends(browser, "/activate/sphera/account/", more | answers)


def further_policy(world: World, more: dict[str, str]) -> Any:
    a_policy("4410099999")
    browser = world.browser(Actor.OWNER)
    browser.post("/activate/sphera/", more | facts("4410099999", BORN))
    return sends(browser, "/activate/sphera/account/", more | {"kind": "representative"})


def by_number(world: World, more: dict[str, str]) -> Any:
    a_borrower(phone=PHONE)
    browser, door = Client(), "/activate/life-with-telemedicine/"
    asks(browser, f"{door}mobile/")
    code = sent_to(PHONE)[-1]
    browser.post(f"{door}mobile/code/", more | {"code": code})
    browser.post(door, more | facts("", BORN) | {"name": "Садыкова Айгуль Сериковна"})
    answers = {"kind": "self", "consent_personal_data": "1", "consent_medical_information": "1"}
    return browser.post(f"{door}account/", more | answers)


def membership(world: World, more: dict[str, str]) -> Any:
    user = world.users[Actor.OPERATOR]
    answers = {"user": str(user.pk), "insurer": str(user.staff_memberships.get().insurer_id), "role": "auditor"}
    return world.browser(Actor.CHIEF).post("/staff/policies/staffmembership/add/", more | answers)


def calendar_day(world: World, more: dict[str, str]) -> Any:
    answers = {"country": "KZ", "date": "2027-01-04", "kind": "off", "note": "Постановление № 1"}
    return world.browser(Actor.CHIEF).post("/staff/core/calendarday/add/", more | answers)


def decision(world: World, more: dict[str, str]) -> Any:
    chosen = Difference.objects.get(public_id=world.keys["difference"][Household.AIGUL])
    answers = {"action": "keep", "_selected_action": str(chosen.pk), "reason": "Позвонила"}
    return world.browser(Actor.REGISTRAR).post("/staff/policies/difference/", more | answers)


def undoing(world: World, more: dict[str, str]) -> Any:
    person, policy = world.keys["person's policy"][Household.AIGUL].split("/")
    file = f"/staff/activation/insuredperson/{person}/policies/{policy}/undo/"
    browser = world.browser(Actor.OPERATOR)
    seen = re.findall(r'name="seen" value="(\d+)"', browser.get(file).text)[0]
    return sends(browser, file, more | {"usual": "", "words": "Wrong person", "seen": seen})


def register(world: World, more: dict[str, str]) -> Any:
    version = ProductVersion.objects.current().get(product__insurer__slug="nsk")
    answers = {"product": str(version.pk), "file": SimpleUploadedFile("r.csv", as_csv({"ID": "1"}))}
    return sends(world.browser(Actor.REGISTRAR), "/staff/policies/register/add/", more | answers)


DOORS = [
    language, new_address, password, activation, further_policy, by_number, membership, calendar_day, decision, undoing, register,
]  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_further_fields_change_nothing(world: World, door: Door) -> None:
    plain, again, poisoned = (effect(world, door, more) for more in ({}, {}, poison("1")))
    assert plain, "the door writes nothing at all: its answers are wrong"
    assert without_chance(poisoned, plain, again) == without_chance(plain, plain, again)


def effect(world: World, door: Door, more: dict[str, str]) -> Written:
    """The rows that are new or other afterwards, by table, in order; then all is put back."""
    before = snapshot()
    with transaction.atomic():
        answer = door(world, more)
        after = snapshot()
        transaction.set_rollback(True)
    assert answer.status_code == 302
    changed = {table: [row for row in rows if row not in before[table]] for table, rows in after.items()}
    return {table: [json.loads(row) for row in rows] for table, rows in changed.items() if rows}


def snapshot() -> dict[str, list[str]]:
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - VOLATILE)
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f'SELECT to_jsonb(one)::text FROM "{table}" AS one ORDER BY 1')  # noqa: S608
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def without_chance(written: Written, plain: Written, again: Written) -> dict[str, list[dict[str, Any]]]:
    """Without the columns that differ between two plain runs: numbers of rows, random keys, hashes."""
    return {
        table: sorted(
            ({column: value for column, value in row.items() if is_sure(table, column, plain, again)} for row in rows),
            key=repr,
        )
        for table, rows in written.items()
    }


def is_sure(table: str, column: str, plain: Written, again: Written) -> bool:
    one, other = ([repr(row.get(column)) for row in run.get(table, [])] for run in (plain, again))
    return sorted(one) == sorted(other)


def test_a_form_that_took_every_column_would_be_noticed(world: World) -> None:
    """Control: the same comparison sees one column more."""

    def careless(world: World, more: dict[str, str]) -> Any:
        answer = language(world, more)
        if "is_superuser" in more:
            type(world.users[Actor.OWNER]).objects.filter(pk=world.users[Actor.OWNER].pk).update(is_superuser=True)
        return answer

    plain, again, poisoned = (effect(world, careless, more) for more in ({}, {}, poison("1")))
    assert without_chance(poisoned, plain, again) != without_chance(plain, plain, again)
