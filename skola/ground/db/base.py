"""Django's PostgreSQL backend, and on top of it: the server is told who is speaking, and what for.

Tenant, purpose and person are context variables; the fourth thing told is how far the clock stands
from the server's. All are told when a cursor is made, so that every query, of any library, is
covered; they are forgotten on rollback, which undoes the settings on the server too; and they are
cleared before the pool gets the session back, because the pool hands sessions to other threads.
Without a tenant the server shows no rows at all (see ``walls``); without a purpose none that are
restricted, due or sealed (see ``skola.promises.gate``).
"""

from contextvars import ContextVar
from typing import Any
from uuid import UUID

import psycopg
from django.db.backends.postgresql import base, features
from psycopg.pq import TransactionStatus

from skola.ground import clock
from skola.ground.db.purposes import actor, purpose

tenant: ContextVar[UUID | None] = ContextVar("tenant", default=None)
_NOBODY = ("", "", "", "")
_UNKNOWN = ("unknown",)
_ahead = clock.offset
"""How far the moment as of which data are read is from the server's."""
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


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that carries tenant, purpose and person of the context it is used in."""

    features_class = DatabaseFeatures
    _told: tuple[str, ...] = _NOBODY

    def create_cursor(self, name: str | None = None) -> Any:
        wanted = _speaking()
        if wanted != self._told:
            with self.connection.cursor() as cursor:
                cursor.execute(_TELL, wanted)
            self._told = wanted
        return super().create_cursor(name)

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
