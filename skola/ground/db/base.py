"""Django's PostgreSQL backend, and on top of it: the server is told which tenant is speaking.

The tenant is a context variable. It is told when a cursor is made, so that every query, of any
library, is covered; it is forgotten on rollback, which undoes the setting on the server too; and it
is cleared before the pool gets the session back, because the pool hands sessions to other threads.
Without a tenant the server shows no rows at all (see ``walls``).
"""

from contextvars import ContextVar
from typing import Any
from uuid import UUID

import psycopg
from django.db.backends.postgresql import base, features
from psycopg.pq import TransactionStatus

tenant: ContextVar[UUID | None] = ContextVar("tenant", default=None)
_UNKNOWN = object()


def _django(wrapper: Any) -> Any:
    """Django's own methods that begin with an underscore, which its type stubs leave out."""
    return wrapper


class DatabaseFeatures(features.DatabaseFeatures):
    """Primary keys begin with the tenant: grouping by the id alone covers no other column."""

    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that carries the tenant of the context it is used in."""

    features_class = DatabaseFeatures
    _told: object = None

    def create_cursor(self, name: str | None = None) -> Any:
        wanted = tenant.get()
        if wanted != self._told:
            with self.connection.cursor() as cursor:
                cursor.execute(
                    "select set_config('skola.tenant', %s, false)",
                    ["" if wanted is None else str(wanted)],
                )
            self._told = wanted
        return super().create_cursor(name)

    def _rollback(self) -> Any:
        self._told = _UNKNOWN
        return _django(super())._rollback()

    def _savepoint_rollback(self, sid: str) -> None:
        _django(super())._savepoint_rollback(sid)
        self._told = _UNKNOWN

    def _close(self) -> Any:
        if self.connection is not None and self._told is not None:
            try:
                if self.connection.info.transaction_status != TransactionStatus.IDLE:
                    self.connection.rollback()
                self.connection.execute("select set_config('skola.tenant', '', false)")
                if not self.connection.autocommit:
                    self.connection.commit()
            except psycopg.Error:
                self.connection.close()  # never hand a marked session to another thread
        self._told = None
        return _django(super())._close()
