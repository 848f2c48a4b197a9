"""After a sweep: let the database take the bytes of the rows that went out of its files.

A table is vacuumed when a sweep took more than a fiftieth of its rows, and otherwise once a day,
before the next evening. The application may do that from PostgreSQL 17 on (``MAINTAIN``); on older
servers the owner's storage parameters let autovacuum do it, see ``triggers``.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from skola.promises.retention.models import Sweep
from skola.promises.retention.report import SweepReport
from skola.promises.retention.sql import quoted

SHARE = 0.02
MAINTAIN = 170_000
"""First version of the server on which a table's vacuum can be granted."""


def vacuum_after(report: SweepReport, *, once_a_day: bool, now: datetime) -> list[str]:
    """Vacuum the tables that lost enough rows, or with ``once_a_day`` any; return their names."""
    lost: dict[str, int] = {}
    for line in report.lines:
        lost[line.table] = lost.get(line.table, 0) + line.count
    tables = [table for table, count in lost.items() if count > SHARE * _rows(table)]
    if once_a_day:
        for counts in Sweep.objects.filter(
            erased__gt=0, swept_at__gt=now - timedelta(days=2)
        ).values_list("counts", flat=True):
            tables += [one["table"] for one in counts]
    return [table for table in sorted(set(tables)) if _vacuum(table)]


def _rows(table: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute("select reltuples from pg_class where oid = %s::regclass", [quoted(table)])
        return max(0.0, float(cursor.fetchone()[0]))


def _vacuum(table: str) -> bool:
    """Vacuum one table, where the server lets this role; a table that is locked waits."""
    if connection.in_atomic_block or not may_vacuum([table]):
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"vacuum (skip_locked) {quoted(table)}")
    return True


def may_vacuum(tables: Iterable[str]) -> bool:
    """Whether the application may vacuum these tables itself."""
    if connection.cursor().connection.info.server_version < MAINTAIN:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(bool_and(has_table_privilege(t, 'MAINTAIN')), true)"
            " from unnest(%s::text[]) t",
            [[quoted(table) for table in tables]],
        )
        return bool(cursor.fetchone()[0])
