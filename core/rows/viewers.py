"""Who looks at this moment: the account of a request, a job without one, or nobody, who sees no walled row.

The viewer is a matter of the thread of work (a context variable); the backend tells PostgreSQL, in the settings of one
transaction, as soon as a statement meets a wall. So nothing is left on a connection for whoever uses it next.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.rows.sights import GIVEN, SIGHTS, Asked, asked_of, names

if TYPE_CHECKING:
    from contextlib import _GeneratorContextManager  # what is a block and a decorator alike

Cursor = Any  # psycopg's own: these statements are no page's
Settings = dict[str, str]  # without those that are empty, as all of them are when a transaction begins


def nobody() -> None:
    return None


class Viewer:
    """`account`: asked when the first walled row is. Rights are asked once by each viewer, so anew with every request and
    every reading of a stream. `given`: of the sights that no account has by itself."""

    def __init__(
        self, account: Callable[[], Any] = nobody, *, job: str = "", given: Mapping[str, Sequence[Any]] | None = None
    ) -> None:
        self.account, self.job, self.given = account, job, dict(given or {})
        self._rights: Settings | None = None

    def anew(self) -> "Viewer":
        """The same, who has not asked yet."""
        return Viewer(self.account, job=self.job, given=self.given)

    def with_more(self, given: Mapping[str, Sequence[Any]]) -> "Viewer":
        if unknown := given.keys() - GIVEN:
            raise KeyError(f"No app gives {sorted(unknown)}")
        more = Viewer(self.account, job=self.job, given={**self.given, **given})
        more._rights = self._rights
        return more

    def tell(self, cursor: Cursor, told: Settings | None) -> Settings:
        """One statement sets what is not so yet. `told`: what the transaction knows; None: nobody can say. What it knows then."""
        given = {name: _array(numbers) for name, numbers in self.given.items()} | (
            {"job": self.job} if self.job else {}
        )
        if self._rights is None:
            asked = self._asked()
            self._rights = dict(zip(asked, _set(cursor, _changes(given, told), asked), strict=True))
            return given | self._rights
        _set(cursor, _changes(given | self._rights, told), {})
        return given | self._rights

    def _asked(self) -> dict[str, Asked]:
        account, now = self.account(), timezone.now()
        if account is None or account.pk is None:  # nobody, or an AnonymousUser
            return {}
        sights = [name for name, sight in SIGHTS.items() if account.is_staff or not sight.of_staff]
        return {"now": ("%s", [now.isoformat()]), "account": ("%s", [_array([account.pk])])} | {
            name: asked_of(name, account=account.pk, now=now) for name in sights
        }


def _changes(wanted: Settings, told: Settings | None) -> Settings:
    before = dict.fromkeys(["now", "job", *names()], "?") if told is None else told
    changed = {name: "" for name in before if name not in wanted}
    return changed | {name: value for name, value in wanted.items() if before.get(name) != value}


def _set(cursor: Cursor, changes: Settings, asked: Mapping[str, Asked]) -> Sequence[str]:
    """The settings that were asked for, as they are now."""
    calls = [_call(name, sql) for name, (sql, _values) in asked.items()]
    calls += [_call(name, "%s") for name in changes if name not in asked]
    if not calls:
        return []
    values = [value for _sql, values in asked.values() for value in values]
    values += [value for name, value in changes.items() if name not in asked]
    return cursor.execute(f"SELECT {', '.join(calls)}", values).fetchone()[: len(asked)]


def _call(name: str, value: str) -> str:
    return f"set_config('rows.{name}', {value}, true)"


def _array(numbers: Sequence[Any]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


NOBODY = Viewer()


# ── Who looks ────────────────────────────────────────────────────────────────
_present: ContextVar[Viewer] = ContextVar("viewer", default=NOBODY)
_look: ContextVar[ExitStack | None] = ContextVar("look", default=None)


def present() -> Viewer:
    return _present.get()


@contextmanager
def seen_by(viewer: Viewer) -> Iterator[None]:
    before = _present.set(viewer)
    try:
        yield
    finally:
        _present.reset(before)


def working(job: str) -> "_GeneratorContextManager[None]":
    """For work without an account, as a decorator or in a block: the walls that name this job let it through."""
    return seen_by(Viewer(job=job))


def also(**given: Sequence[Any]) -> AbstractContextManager[None]:
    """The present viewer sees a little more: whoever writes it has found out that it is theirs to see."""
    return seen_by(present().with_more(given))


# ── How long ─────────────────────────────────────────────────────────────────
@contextmanager
def in_one_look() -> Iterator[None]:
    """What only reads: the first statement that meets a wall begins a transaction, and this is its end."""
    with ExitStack() as stack:
        before = _look.set(stack)
        try:
            yield
        finally:
            _look.reset(before)


def open_look() -> ExitStack | None:
    return _look.get()
