"""A wall goes up around rows only while no process serves them that does not know it (adr/0046)."""

import time
from typing import Any

import pytest
from django.apps import apps
from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations import AddConstraint, Migration
from django.db.migrations.operations.base import Operation
from django.db.models.signals import pre_migrate

from core.rows.upgrades import is_served
from core.rows.walls import Among, Wall
from policies.models import Policy
from tests.factories import a_policy

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

PATIENCE = 5  # seconds
WALL = Wall(name="policy_wall", seen_by=[Among("account", "id")])


def migrate(*operations: Operation, app: str = "policies", backwards: bool = False) -> None:
    """As the command begins."""
    migration = Migration("of_the_next_release", app)
    migration.operations.extend(operations)
    given: dict[str, Any] = {"using": "owner", "plan": [(migration, backwards)], "apps": apps}
    pre_migrate.send(apps.get_app_config("core"), app_config=apps.get_app_config("core"), **given)


def everybody_leaves() -> None:
    connections["default"].close()
    deadline = time.monotonic() + PATIENCE
    while is_served("owner"):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_wall_around_rows_that_are_served_is_refused_before_anything_is_changed(database: str) -> None:
    a_policy()
    with pytest.raises(CommandError, match=r"around policies_policy\. .* Nothing has been changed\."):
        migrate(AddConstraint("policy", WALL))


def test_with_nobody_served_it_goes_up(database: str) -> None:
    a_policy()
    everybody_leaves()
    migrate(AddConstraint("policy", WALL))


def test_a_table_without_rows_and_one_that_comes_with_its_wall_wait_for_nobody(database: str) -> None:
    assert not Policy.objects.exists()
    migrate(AddConstraint("policy", WALL), AddConstraint("modeltocome", WALL))


def test_a_wall_that_goes_and_other_constraints_are_not_asked_about(database: str) -> None:
    a_policy()
    migrate(AddConstraint("policy", WALL), backwards=True)
    migrate(AddConstraint("policy", Policy._meta.constraints[0]))


def test_without_the_refusal_a_process_of_the_release_before_would_find_no_row(database: str) -> None:
    """The control: this process knows no wall of policies, so it does not say who looks."""
    a_policy()
    with connections["owner"].schema_editor() as editor:
        editor.add_constraint(Policy, WALL)
    assert Policy.objects.count() == 0
