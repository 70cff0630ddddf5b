"""A database from the migrations in a fifth of the time. Django draws a model and all its relatives anew after each index
and each constraint that is added, and the whole family after each new model: forty seconds of a core, and only the
schema is wanted. tests/production/test_schema.py compares it with what `migrate` makes.
"""

from functools import partial
from typing import Any
from unittest import mock

from django.core.management import call_command
from django.db.migrations.state import ModelState, ProjectState

OURS = {"claims", "telemed", "activation", "policies", "accounts", "notices", "core"}
add_model, append_option = ProjectState.add_model, ProjectState._append_option


def migrate() -> None:
    """As the owner."""
    with mock.patch.multiple(ProjectState, add_model=_add_model, _append_option=_append_option):
        call_command("migrate", database="owner", verbosity=0)


def _add_model(self: ProjectState, model: ModelState) -> None:
    with mock.patch.object(self, "reload_model", partial(self.reload_model, delay=True)):
        add_model(self, model)


def _append_option(self: Any, app: str, model: str, option: str, added: Any) -> None:
    """An index or a constraint of ours is not looked at by what comes after it; allauth changes its own."""
    if app not in OURS:
        append_option(self, app, model, option, added)
        return
    state = self.models[app, model]
    state.options[option] = [*state.options[option], added]
