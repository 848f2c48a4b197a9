"""Which rows are not handed over: those of people who objected, and what hangs on them.

They were erased before, so what is left of them is kept under a law or a hold alone. Neither their
rows are in the archive nor those of others that cannot be without them. When the seller erases,
they stay for their terms, with the rows that they need.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from skola.ground.db.walls import ForeignKey, foreign_keys, tenant_tables
from skola.ground.tenants.api import current_id
from skola.promises.inventory.api import declarations
from skola.promises.rights.api import plan, where

OUT, HERE = "handover_out", "handover_here"
"""Temporary tables: rows that do not go into the archive, and rows that stay when it is erased."""
NOT_NULLED = "on delete set null"


class Staying:
    """The rows that are not handed over, in temporary tables of this transaction."""

    def __init__(self, people: Sequence[UUID]) -> None:
        self.people = list(people)
        with connection.cursor() as cursor:
            self.tables = tenant_tables(cursor)
            self.keys = [
                one
                for one in foreign_keys(cursor)
                if {one.table, one.target} <= self.tables and one.column != "tenant_id"
            ]
            for name in (OUT, HERE):
                cursor.execute(f"drop table if exists pg_temp.{name}")
                cursor.execute(
                    f"create temporary table {name} (tbl text, id text, primary key (tbl, id))"
                    " on commit drop"
                )
        if self.people:
            self._find()

    def _find(self) -> None:
        with connection.cursor() as cursor:
            for person in self.people:
                for table, key, test in _theirs(person):
                    for name in (OUT, HERE):
                        cursor.execute(
                            f'insert into {name} select %s, "{key}"::text from "{table}"'
                            f" where {test} on conflict do nothing",
                            [table],
                        )
            self._spread(cursor, OUT, self._below)
            self._spread(cursor, HERE, self._above)

    def _spread(self, cursor: Any, name: str, statements: Any) -> None:
        """Repeat until nothing more is found: a row leads to the next."""
        while True:
            found = 0
            for statement in statements(name):
                cursor.execute(statement)
                found += cursor.rowcount
            if not found:
                return

    def _below(self, name: str) -> Iterator[str]:
        """Rows of others that cannot be without a row that is out."""
        for one in self.keys:
            if not _is_emptied(one):
                yield (
                    f"insert into {name} select '{one.table}', t.\"{_key(one.table)}\"::text"
                    f" from \"{one.table}\" t join {name} out on out.tbl = '{one.target}'"
                    f' and out.id = t."{one.column}"::text on conflict do nothing'
                )

    def _above(self, name: str) -> Iterator[str]:
        """Rows that one which stays cannot be without."""
        for one in self.keys:
            if not _is_emptied(one):
                yield (
                    f"insert into {name} select '{one.target}', t.\"{one.column}\"::text"
                    f" from \"{one.table}\" t join {name} here on here.tbl = '{one.table}'"
                    f' and here.id = t."{_key(one.table)}"::text'
                    f' where t."{one.column}" is not null on conflict do nothing'
                )

    def emptied(self, table: str) -> list[ForeignKey]:
        """The foreign keys of a table that are emptied where they lead to a row that is out."""
        return [one for one in self.keys if one.table == table and _is_emptied(one)]

    def key_of(self, table: str) -> str:
        """The column by which rows of a table are told apart."""
        return _key(table)

    def ids(self, table: str) -> list[str]:
        """The rows of a table that do not go into the archive."""
        if not self.people:
            return []
        with connection.cursor() as cursor:
            cursor.execute(f"select id from {OUT} where tbl = %s", [table])
            return [found for (found,) in cursor.fetchall()]


def _theirs(person: UUID) -> Iterator[tuple[str, str, str]]:
    """The tables with rows about a person: name, key, and the test that finds them."""
    tenant, who = f"'{current_id()}'::uuid", f"'{person}'::uuid"
    for step in plan():
        if step.subject is not None and step.declaration.has_tenant:
            test = where(step.declaration, step.subject, tenant=tenant, person=who)
            yield step.table, step.declaration.key, test
    audit = f"select pseudonym from audit_subjectkey where tenant_id = {tenant}"
    yield "audit_entry", "id", f"subject <> '' and subject in ({audit} and person_ref = {who})"


def _is_emptied(one: ForeignKey) -> bool:
    return NOT_NULLED in one.on_delete


def _key(table: str) -> str:
    return _keys().get(table, "id")


@cache
def _keys() -> dict[str, str]:
    return {one.table: one.key for one in declarations()}
