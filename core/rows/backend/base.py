"""Django's PostgreSQL, where a transaction is told who looks before its first statement that meets a wall."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import base

from core.rows.viewers import NOBODY, Settings, Viewer, open_look, present
from core.rows.walls import meets_a_wall


class DatabaseWrapper(base.DatabaseWrapper):
    told: Viewer | None = NOBODY  # whom the present transaction knows
    settings: Settings | None = {}  # and what of them (core.rows.viewers)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._before_a_wall)

    def _before_a_wall(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        viewer = present()
        if viewer is self.told or not meets_a_wall(str(sql)):
            return execute(sql, params, many, context)
        if not self.in_atomic_block:
            if look := open_look():
                look.enter_context(transaction.atomic(using=self.alias))
            else:
                with transaction.atomic(using=self.alias):
                    self._tell(viewer)
                    return execute(sql, params, many, context)
        self._tell(viewer)
        return execute(sql, params, many, context)

    def _tell(self, viewer: Viewer) -> None:
        """By a cursor of psycopg's own: it is no statement of the page."""
        self.validate_no_broken_transaction()
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            self.settings = viewer.tell(cursor, self.settings)
        self.told = viewer

    # What a transaction was told ends with it. With a savepoint it goes back to what was told before, whatever that was:
    # then the next viewer is told in any case, be it nobody.
    def _commit(self) -> None:
        self.told, self.settings = NOBODY, {}
        super()._commit()  # type: ignore[misc]  # the stubs leave it out

    def _rollback(self) -> None:
        self.told, self.settings = NOBODY, {}
        super()._rollback()  # type: ignore[misc]  # the stubs leave it out

    def close(self) -> None:
        self.told, self.settings = NOBODY, {}
        super().close()

    def _savepoint_rollback(self, sid: str) -> None:
        self.told, self.settings = None, None
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # the stubs leave it out
