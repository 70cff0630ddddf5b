"""Rights are asked for anew with every request: what was taken away a moment ago is gone in a session that goes on."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from policies.models import Person, StaffMembership
from policies.services.access import end_access
from tests.people import insured_browser
from tests.security.matrix.actors import Actor, Household
from tests.security.matrix.conftest import NOON
from tests.security.matrix.world import World

REGISTERS, STAFF, LETTERS = "/staff/policies/register/", "/staff/", "/staff/notices/notice/"


def code(browser: Client, path: str) -> int:
    return int(browser.get(path).status_code)


def test_a_role_that_was_changed_opens_other_pages(world: World) -> None:
    browser = world.browser(Actor.REGISTRAR)
    assert (code(browser, REGISTERS), code(browser, LETTERS)) == (200, 403)
    StaffMembership.objects.filter(user=world.users[Actor.REGISTRAR]).update(role="operator")
    assert (code(browser, REGISTERS), code(browser, LETTERS)) == (403, 200)


def test_a_move_to_another_insurer_leaves_the_old_registers_behind(world: World) -> None:
    browser = world.browser(Actor.REGISTRAR)
    here, there = (f"{REGISTERS}{world.keys['register'][of]}/change/" for of in (Household.AIGUL, Household.DANA))
    assert (code(browser, here), code(browser, there)) == (200, 404)
    elsewhere = StaffMembership.objects.filter(user=world.users[Actor.ELSEWHERE])[0].insurer
    StaffMembership.objects.filter(user=world.users[Actor.REGISTRAR]).update(insurer=elsewhere)
    assert (code(browser, here), code(browser, there)) == (404, 200)


@pytest.mark.parametrize(("right", "afterwards"), [("is_superuser", 403), ("is_staff", 302), ("is_active", 302)])
def test_a_right_of_the_account_ends_at_once(world: World, right: str, afterwards: int) -> None:
    browser = world.browser(Actor.CHIEF)
    assert code(browser, "/staff/accounts/user/") == 200
    User.objects.filter(pk=world.users[Actor.CHIEF].pk).update(**{right: False})
    assert code(browser, "/staff/accounts/user/") == afterwards


def test_an_access_that_was_ended_closes_the_policy(world: World) -> None:
    browser, path = world.browser(Actor.OWNER), f"/policies/{world.keys['policy'][Household.AIGUL]}/"
    assert code(browser, path) == 200
    person = Person.objects.get(
        parties__role="insured", parties__policy__public_id=world.keys["policy"][Household.AIGUL]
    )
    end_access(user=world.users[Actor.OWNER], person=person, by=None, reason="asked", now=NOON)
    assert code(browser, path) == 404


def test_a_guardian_sees_the_policy_until_the_18th_birthday(world: World) -> None:
    path = f"/policies/{world.keys['policy'][Household.CHILD]}/"
    of_age = datetime(2033, 3, 13, 19, tzinfo=UTC)  # midnight in Almaty; born on 14 March 2015
    for moment, seen in ((of_age - timedelta(seconds=1), 200), (of_age, 404)):
        with time_machine.travel(moment, tick=False):
            assert code(insured_browser(world.users[Actor.GUARDIAN]), path) == seen
