"""Reading under one snapshot, in pieces: what is read never stands in memory as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from skola.ground.audit.api import pseudonym_of
from skola.ground.tenants.api import current_id
from skola.promises.rights.access.rules import next_batch
from skola.promises.rights.access.sources import AUDIT, Source


@dataclass(frozen=True)
class Whose:
    """The person whose records are read, as the statements ask for them."""

    person: UUID
    tenant: UUID
    pseudonym: str
    """Their name in the audit; empty while nothing was recorded about them."""

    def values(self, source: Source) -> dict[str, Any]:
        """Return the values of a source's placeholders."""
        person = self.pseudonym if source.declaration.table == AUDIT else self.person
        return {"tenant": self.tenant, "person": person}


def whose(person_id: UUID) -> Whose:
    """Return how statements ask for a person of the speaking tenant."""
    return Whose(person_id, current_id(), pseudonym_of(person_id) or "-")


@contextmanager
def snapshot() -> Iterator[None]:
    """Let everything in the block see one state of the database, and change nothing.

    Inside of a transaction of the caller, that one is used as it is.
    """
    if connection.in_atomic_block:
        yield
        return
    wrapper: Any = connection
    wrapper.tell()  # before the transaction, in which its isolation must come first
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        yield


def one(statement: str, values: dict[str, Any]) -> Any:
    """Return the first column of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None


def every(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return all rows; for statements of which it is known that they return few."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def pieces(statement: str, values: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the first column of the rows in lists of about a mebibyte, by a server-side cursor."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        batch = 50
        while rows := cursor.fetchmany(batch):
            found = [str(row[0]) for row in rows]
            yield found
            batch = next_batch(len(found), sum(map(len, found)))
