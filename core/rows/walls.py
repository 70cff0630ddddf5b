"""What a model declares in Meta.constraints, so that makemigrations carries it into its table: one Wall a table.

The policies compare columns with settings that last as long as their transaction (core.rows.viewers). Each setting is read
once a statement, not once a row, because it stands in a subquery of its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor as Editor
from django.db.models import BaseConstraint, DateTimeField, Func, Model, Q
from django.db.models.sql import Query
from django.utils.deconstruct import deconstructible

WEB_ROLE = "web"  # serves pages and works: whom walls are for (adr/0007)
HOUSE = "house"  # the job that every wall lets through: backups, the demo, the set-up of tests
SETTING = "nullif(current_setting('rows.{name}', true), '')"  # after a transaction it is '', before the first one NULL
UPLOADS = "core_upload"


# ── Who sees a row ───────────────────────────────────────────────────────────
@deconstructible
@dataclass
class Among:
    """Whoever has the number in this column among those of their `sight`, as far as `only` holds."""

    sight: str
    column: str
    only: Q | None = None

    def sql(self, model: type[Model], editor: Editor) -> str:
        field: Any = model._meta.get_field(self.column)
        kind = field.rel_db_type(editor.connection) if field.is_relation else field.db_type(editor.connection)
        seen = f"(SELECT {SETTING.format(name=self.sight)}::{kind}[])"
        found = f"{_column(model, self.column)} = ANY ({seen}::{kind}[])"
        return f"({found} AND {_condition(self.only, model, editor)})" if self.only else found


@deconstructible
@dataclass
class Through:
    """Whoever sees the row that `column` leads to; with `seen_by`, whoever sees it for one of these reasons. `only`: as far
    as this row itself is so."""

    column: str
    seen_by: Sequence[Among] = ()
    only: Q | None = None

    def sql(self, model: type[Model], editor: Editor) -> str:
        parent: Any = model._meta.get_field(self.column).related_model
        leads = f"{_column(parent, 'pk')} = {_column(model, self.column)}"
        found = _exists(parent, leads, self.seen_by, editor)
        return f"({_condition(self.only, model, editor)} AND {found})" if self.only else found


class Ago(Func):
    """So many days before the moment at which the viewer looks."""

    template = f"(SELECT {SETTING.format(name='now')}::timestamptz - interval '%(days)s days')"
    output_field = DateTimeField()

    def __init__(self, days: int) -> None:
        super().__init__(days=days)


# ── What else a wall may have ────────────────────────────────────────────────
@deconstructible
@dataclass
class Window:
    """A view of some columns of all rows, which name nobody: anybody may count with them, nobody may write them."""

    view: str
    columns: Sequence[str]


@deconstructible
@dataclass
class Files:
    """Uploads of the collections `kind:‹public_id›…`, which are seen by whoever sees this row for one of these reasons."""

    kind: str
    seen_by: Sequence[Among]

    def sql(self, model: type[Model], editor: Editor) -> str:
        leads = f"{_column(model, 'public_id')} = split_part({UPLOADS}.collection, ':', 2)::uuid"
        exists = _exists(model, leads, self.seen_by, editor)
        return f"CASE WHEN starts_with({UPLOADS}.collection, '{self.kind}:') THEN {exists} END"


class Wall(BaseConstraint):
    """Row-level security, forced on the owner too. Nobody sees a row for whom no reason of `seen_by` holds.

    `jobs`: which work without an account sees all. `grows`: whoever has an account may add a row, which PostgreSQL cannot
    yet connect with the one that the same statement adds before it (core.insert).
    """

    def __init__(
        self,
        *,
        name: str,
        seen_by: Sequence[Among | Through],
        jobs: Sequence[str] = (),
        grows: bool = False,
        window: Window | None = None,
        files: Files | None = None,
    ) -> None:
        super().__init__(name=name)
        self.seen_by, self.jobs, self.grows, self.window, self.files = seen_by, jobs, grows, window, files

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        path = f"{self.__class__.__module__}.{self.__class__.__name__}"
        parts = {name: getattr(self, name) for name in ("name", "seen_by", "jobs", "grows", "window", "files")}
        return path, (), {name: part for name, part in parts.items() if part}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wall) and self.deconstruct() == other.deconstruct()

    __hash__ = BaseConstraint.__hash__

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Nothing within a new table: when all tables of its migration are there."""
        schema_editor.deferred_sql += self.statements(model, schema_editor)
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        return "; ".join(self.statements(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = _quoted(model._meta.db_table)
        policies = ["seen", *(["grows"] if self.grows else []), *(["window"] if self.window else [])]
        return "; ".join([
            *([f"DROP POLICY {_quoted(self.files.kind)} ON {UPLOADS}"] if self.files else []),
            *([f"DROP VIEW {_quoted(self.window.view)}"] if self.window else []),
            *(f"DROP POLICY {_quoted(policy)} ON {table}" for policy in policies),
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
        ])  # fmt: skip

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Forms ask nothing of it: what nobody sees cannot be filled in."""

    def statements(self, model: type[Model], editor: Any) -> list[str]:
        table = _quoted(model._meta.db_table)
        return [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY seen ON {table} USING ({self.seen(model, editor)})",
            *([f"CREATE POLICY grows ON {table} FOR INSERT WITH CHECK ({ACCOUNT})"] if self.grows else []),
            *(self._shown(self.window, model, editor) if self.window else ()),
            *([self._of_files(self.files, model, editor)] if self.files else []),
        ]

    def seen(self, model: type[Model], editor: Editor) -> str:
        jobs = ", ".join(f"'{job}'" for job in (HOUSE, *self.jobs))
        at_work = f"(SELECT {SETTING.format(name='job')} IN ({jobs}))"
        return " OR ".join([at_work, *(reason.sql(model, editor) for reason in self.seen_by)])

    @staticmethod
    def _shown(window: Window, model: type[Model], editor: Any) -> Iterator[str]:
        """A view reads as the role that owns it. To that role itself the policy shows nothing."""
        table, owner = _quoted(model._meta.db_table), editor.connection.settings_dict["USER"]
        columns = ", ".join(_column(model, name) for name in ("pk", *window.columns))
        yield f"CREATE VIEW {_quoted(window.view)} AS SELECT {columns} FROM {table}"  # noqa: S608  names of our own models
        through_it = f"(SELECT current_user <> '{owner}')"
        yield f'CREATE POLICY "window" ON {table} FOR SELECT TO {_quoted(owner)} USING ({through_it})'

    @staticmethod
    def _of_files(files: Files, model: type[Model], editor: Editor) -> str:
        return f"CREATE POLICY {_quoted(files.kind)} ON {UPLOADS} USING ({files.sql(model, editor)})"


ACCOUNT = f"(SELECT {SETTING.format(name='account')} IS NOT NULL)"


# ── Which statements meet one ────────────────────────────────────────────────
def walls() -> dict[type[Model], Wall]:
    return {
        model: constraint
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, Wall)
    }


@lru_cache(maxsize=512)
def meets_a_wall(statement: str) -> bool:
    return _names().search(statement) is not None


@cache
def _names() -> re.Pattern[str]:
    tables = sorted(model._meta.db_table for model in walls())
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, tables))})\b")


# ── Words of SQL ─────────────────────────────────────────────────────────────
def _exists(model: type[Model], leads: str, reasons: Sequence[Among], editor: Editor) -> str:
    """By a lookup a row. Without OFFSET PostgreSQL might read everything that the viewer sees instead, to hash it."""
    seen = " OR ".join(reason.sql(model, editor) for reason in reasons)
    found = f"{leads} AND ({seen})" if seen else leads
    return f"EXISTS (SELECT FROM {_quoted(model._meta.db_table)} WHERE {found} OFFSET 0)"


def _condition(only: Q, model: type[Model], editor: Any) -> str:
    """As CheckConstraint writes it, with the table's name before each column."""
    query = Query(model, alias_cols=True)
    where = query.build_where(only)
    sql, values = where.as_sql(query.get_compiler(connection=editor.connection), editor.connection)
    return f"({sql % tuple(editor.quote_value(value) for value in values)})"


def _column(model: type[Model], name: str) -> str:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return f"{_quoted(model._meta.db_table)}.{_quoted(field.column)}"


def _quoted(name: str) -> str:
    return f'"{name}"'
