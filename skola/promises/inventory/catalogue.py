"""The check against the database itself: no table and no column that the register does not know."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections

from skola.promises.inventory.declaration import Declaration
from skola.promises.inventory.registry import BadPathError, UndeclaredError, declarations

COLUMNS = """
select n.nspname, c.relname, a.attname
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'f', 'm')
  join pg_namespace n on n.oid = c.relnamespace
 where a.attnum > 0 and not a.attisdropped
   and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
   and n.nspname not like 'pg_temp%%' and n.nspname not like 'pg_toast_temp%%'
 order by 1, 2, a.attnum
"""


def catalogue_is_declared(
    app_configs: Any, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Compare the columns of every schema with the register; the first ``migrate`` finds none."""
    try:
        known = declarations()
    except (UndeclaredError, BadPathError):
        return []  # the other check names the model
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(COLUMNS)
            found += compare(cursor.fetchall(), known)
    return found


def compare(
    columns: Sequence[tuple[str, str, str]], known: Sequence[Declaration]
) -> list[checks.CheckMessage]:
    """Return an error for each table and column that no declaration mentions."""
    by_table = {
        one.table: {
            *one.columns,
            *one.not_personal,
            *(column for part in one.parts for column in part.moments),
            "tenant_id",
        }
        for one in known
    }
    tables: dict[tuple[str, str], list[str]] = {}
    for schema, table, column in columns:
        tables.setdefault((schema, table), []).append(column)
    found: list[checks.CheckMessage] = []
    for (schema, table), present in tables.items():
        declared = by_table.get(table) if schema == "public" else None
        if declared is None:
            found.append(
                checks.Error(
                    f"the table {schema}.{table} is not declared",
                    hint="Declare its model, or the table in inventory/libraries.py; or drop it.",
                    id="privacy.E020",
                )
            )
            continue
        found += [
            checks.Error(
                f"the column {table}.{column} is in the database and in no declaration",
                hint="A migration was forgotten, or a column was added by hand.",
                id="privacy.E021",
            )
            for column in present
            if column not in declared
        ]
    return found
