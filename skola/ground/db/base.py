"""Django's PostgreSQL backend, and on top of it: the server is told who is speaking, and what for.

Tenant, purpose and person are context variables; the fourth thing told is how far the clock stands
from the server's. All are told before a statement whenever they differ from what was told last, so
that every query, of any library, is covered. They travel with the statement (libpq's pipeline): a
page that reads for ten purposes goes to the server no more often for it. They are forgotten on
rollback and where a statement fails, which undoes the settings on the server too; and they are
cleared before the pool gets the session back, because the pool hands sessions to other threads.
Without a tenant the server shows no rows at all (see ``walls``); without a purpose none that are
restricted, due or sealed (see ``skola.promises.gate``).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from django.db.backends.postgresql import base, features, operations
from psycopg.pq import TransactionStatus

from skola.ground import clock
from skola.ground.db.purposes import actor, purpose

tenant: ContextVar[UUID | None] = ContextVar("tenant", default=None)
_NOBODY = ("", "", "", "")
_UNKNOWN = ("unknown",)
_ahead = clock.offset
"""How far the moment as of which data are read is from the server's."""
_TOGETHER = re.compile(r"[\s(]*(select|insert|update|delete|with)\b", re.IGNORECASE)
"""With what is told before a statement on the same way: not every statement can be in a pipeline,
``vacuum`` for one, and what does not read or write rows is rare."""
MOST_VALUES = 65_535
"""Values of one statement at most: the protocol counts them in two bytes."""
_TELL = (
    "select set_config('skola.tenant', %s, false), set_config('skola.purpose', %s, false),"
    " set_config('skola.actor', %s, false), set_config('skola.clock', %s, false)"
)


def _django(wrapper: Any) -> Any:
    """Django's own methods that begin with an underscore, which its type stubs leave out."""
    return wrapper


def _speaking() -> tuple[str, ...]:
    """What the server is told: tenant, purpose, person, and the clock's offset in seconds."""
    who, person, ahead = tenant.get(), actor.get(), _ahead()
    return (
        "" if who is None else str(who),
        purpose.get(),
        "" if person is None else str(person),
        str(ahead.total_seconds()) if ahead else "",
    )


class DatabaseFeatures(features.DatabaseFeatures):
    """Primary keys begin with the tenant: grouping by the id alone covers no other column."""

    allows_group_by_selected_pks = False


class DatabaseOperations(operations.DatabaseOperations):
    """Values are bound on the server, which takes so many with one statement and no more."""

    def bulk_batch_size(self, fields: Any, objs: Any) -> int:
        return min(len(objs), MOST_VALUES // max(1, len(fields)))


if TYPE_CHECKING:
    _Cursor = psycopg.Cursor[Any]
else:
    _Cursor = base.ServerBindingCursor


class Cursor(_Cursor):
    """A cursor before whose statements the server hears who is speaking."""

    speaks_for: "DatabaseWrapper | None" = None
    """None for the few statements of the backend itself."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        if self.speaks_for is not None:
            if isinstance(query, str) and _TOGETHER.match(query):
                with self.speaks_for.telling():
                    return super().execute(query, params, **how)
            self.speaks_for.tell()
        return super().execute(query, params, **how)

    def executemany(self, query: Any, params_seq: Any, **how: Any) -> None:
        self._tell_first()
        super().executemany(query, params_seq, **how)

    def stream(self, query: Any, params: Any = None, **how: Any) -> Any:
        self._tell_first()
        return super().stream(query, params, **how)

    def copy(self, statement: Any, params: Any = None, **how: Any) -> Any:
        self._tell_first()
        return super().copy(statement, params, **how)

    def _tell_first(self) -> None:
        if self.speaks_for is not None:
            self.speaks_for.tell()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that carries tenant, purpose and person of the context it is used in."""

    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
    _told: tuple[str, ...] = _NOBODY

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": Cursor}

    def create_cursor(self, name: str | None = None) -> Any:
        if name:
            self.tell()
            return super().create_cursor(name)
        cursor = super().create_cursor()
        cursor.speaks_for = self
        return cursor

    def tell(self) -> None:
        """Tell the server who is speaking, and what for, unless it knows.

        Who uses the session of psycopg itself calls it before.
        """
        self.ensure_connection()
        wanted = _speaking()
        if wanted != self._told:
            self._told = _UNKNOWN
            self.connection.execute(_TELL, wanted)
            self._told = wanted

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Send one statement in this block, and before it, on the same way, what is to be told."""
        wanted = _speaking()
        if wanted == self._told:
            yield
            return
        self._told = _UNKNOWN  # where the statement fails, what was told before it is undone
        with self.connection.pipeline():
            self.connection.execute(_TELL, wanted)
            yield
        self._told = wanted

    def _rollback(self) -> Any:
        self._told = _UNKNOWN
        return _django(super())._rollback()

    def _savepoint_rollback(self, sid: str) -> None:
        _django(super())._savepoint_rollback(sid)
        self._told = _UNKNOWN

    def _close(self) -> Any:
        if self.connection is not None and self._told != _NOBODY:
            try:
                if self.connection.info.transaction_status != TransactionStatus.IDLE:
                    self.connection.rollback()
                self.connection.execute(_TELL, _NOBODY)
                if not self.connection.autocommit:
                    self.connection.commit()
            except psycopg.Error:
                self.connection.close()  # never hand a marked session to another thread
        self._told = _NOBODY
        return _django(super())._close()
