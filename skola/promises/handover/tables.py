"""The tables of a tenant that move, and their rows as PostgreSQL copies them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from skola.ground.db.walls import tenant_tables
from skola.promises.inventory.api import declarations

LAST = ("retention_fact", "retention_statefact")
"""Triggers write into these when accounts arrive; what comes along takes the place of that."""


@dataclass(frozen=True)
class Column:
    """A column that is copied."""

    name: str
    sequence: str = ""
    """The sequence that fills it, where one does."""


def moving() -> list[str]:
    """Return the tables whose rows go along, in the order in which they are put in."""
    with connection.cursor() as cursor:
        there = tenant_tables(cursor)
    staying = {one.table for one in declarations() if not one.moves}
    found = sorted(there - staying)
    return [one for one in found if one not in LAST] + [one for one in LAST if one in found]


def columns(table: str) -> list[Column]:
    """Return the columns of a table that have values of their own, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select attname, coalesce(pg_get_serial_sequence(quote_ident(%s), attname), '')"
            " from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
            " and attgenerated = '' order by attnum",
            [table, f'public."{table}"'],
        )
        return [Column(name, sequence) for name, sequence in cursor.fetchall()]


def order_of(table: str) -> str:
    """Return by what the rows of a table are ordered: its primary key, so that copies are alike."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(quote_ident(a.attname), ', ' order by k.place) from pg_index i,"
            " unnest(i.indkey) with ordinality k (number, place)"
            " join pg_attribute a on a.attnum = k.number"
            " where i.indrelid = %s::regclass and i.indisprimary and a.attrelid = i.indrelid",
            [f'public."{table}"'],
        )
        row = cursor.fetchone()
    return str(row[0]) if row and row[0] else "1"


def copied_out(statement: str) -> Iterator[bytes]:
    """Give the lines of a query in the text form of COPY."""
    with connection.cursor() as cursor:
        driver: Any = cursor.cursor  # psycopg's own, which copies
        with driver.copy(f"copy ({statement}) to stdout") as copy:
            for part in copy:
                yield bytes(part)


def copy_in(table: str, names: list[str], parts: Iterator[bytes]) -> int:
    """Put lines into a table, through the walls, and return how many; triggers see each row.

    PostgreSQL copies into no table with row-level security, so they go by way of a temporary one.
    """
    listed = ", ".join(f'"{one}"' for one in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f'create temporary table handover_in on commit drop as select {listed} from "{table}"'
            " with no data"
        )
        driver: Any = cursor.cursor
        with driver.copy(f"copy handover_in ({listed}) from stdin") as copy:
            for part in parts:
                copy.write(part)
        cursor.execute(f'delete from "{table}"')
        cursor.execute(
            f'insert into "{table}" ({listed}) overriding system value'
            f" select {listed} from handover_in"
        )
        count = int(cursor.rowcount)
        cursor.execute("drop table handover_in")
    return count


def renew_sequences(table: str) -> None:
    """Let the numbers of a table go on behind those that came."""
    for one in columns(table):
        if one.sequence:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"select setval(%s::regclass, greatest(nextval(%s::regclass),"
                    f' (select coalesce(max("{one.name}"), 1) from "{table}")))',
                    [one.sequence, one.sequence],
                )
