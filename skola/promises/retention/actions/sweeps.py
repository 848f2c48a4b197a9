"""The sweep: what is due goes, in batches, each with its audit in the same transaction.

There is no state to repair. What remains to be done is always what the due dates say, so a sweep
that was killed, ran twice, or runs beside another one, does what one sweep does.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from skola.ground.tenants.api import current_id
from skola.promises.inventory.api import Declaration, declaration_of, declarations
from skola.promises.retention import statements
from skola.promises.retention.actions.clocks import (
    any_holds,
    as_engine,
    clock_table,
    renew,
    stale,
)
from skola.promises.retention.actions.facts import see_unseen, unseen
from skola.promises.retention.live import clockworks, promises_in_force
from skola.promises.retention.models import Sweep
from skola.promises.retention.report import Line, SweepReport, merge
from skola.promises.retention.sql import Clockwork, literal, quoted
from skola.promises.retention.terms import Promises

BATCH = 5_000
IDLE_RUNS_KEPT = timedelta(days=7)


def sweep(*, now: datetime, dry_run: bool = False, batch: int = BATCH) -> SweepReport:
    """Erase everything of the speaking tenant that is due at ``now``, and say what it was.

    With ``dry_run`` nothing changes and the same is said. Raises NoPolicyError.
    """
    promises = promises_in_force(now)
    if dry_run:
        return preview(now=now)
    for work in stale(now):
        renew(work, now=now)
    see_unseen(now)
    report = sweep_works(clockworks(promises), promises, now=now, batch=batch)
    expired = sum(_expire(one, now, batch) for one in declarations() if _expires(one))
    removed = report.removed
    if _is_first_today(now, promises):
        removed += sum(
            remove_emptied(one, None, now) for one in declarations() if _can_be_kept(one)
        )
    report = replace(report, expired=expired, removed=removed)
    _remember(report, promises)
    return report


def sweep_works(
    works: tuple[Clockwork, ...], promises: Promises, *, now: datetime, batch: int = BATCH
) -> SweepReport:
    """Clock and sweep these parts of these tables."""
    for work in _works_where(statements.waiting, works, current_id()):
        clock_table(work, now=now)
    lines: list[Line] = []
    removed = 0
    for work in _works_where(statements.overdue, works, current_id(), now):
        removed += _sweep_table(work, promises, now, batch, lines)
    return SweepReport(now, promises.version, merge(lines), removed=removed)


def _works_where(
    test: Callable[..., str], works: tuple[Clockwork, ...], *values: Any
) -> list[Clockwork]:
    """Return the clocks for which a test on their tables holds, asked in one statement."""
    asked = " union all ".join(
        f"select {number} where {test(work, *values)}" for number, work in enumerate(works)
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [works[number] for number in sorted(row[0] for row in cursor.fetchall())]


def _sweep_table(
    work: Clockwork, promises: Promises, now: datetime, limit: int, lines: list[Line]
) -> int:
    """Sweep one part of one table to the end; add to ``lines``, return the emptied rows removed."""
    removed, seen = 0, limit
    last: tuple[datetime, object] | None = None
    while seen == limit:
        with as_engine(now):
            batch = statements.Batch(current_id(), now, limit, any_holds(), last)
            text = statements.sweep(work, batch, digest=promises.digest, version=promises.version)
            with connection.cursor() as cursor:
                cursor.execute(text)
                rows = cursor.fetchall()
            seen = 0
            for kind, name, count, oldest, keys in rows:
                if kind == "seen":
                    seen, last = count, (oldest, keys[0])
                elif kind == "erased":
                    lines.append(_line(work, name, count, oldest))
                    removed += remove_emptied(work.declaration, keys or [], now)
                elif kind == "freed" and keys:
                    removed += remove_emptied(declaration_of(name), keys, now)
    return removed


def _line(work: Clockwork, rule: str, count: int, oldest: datetime) -> Line:
    table, category = work.declaration.table, work.part.category
    return Line(table, category, rule, work.clauses(rule), count, oldest)


def _can_be_kept(one: Declaration) -> bool:
    return statements.keeps(one) and not any(part.expires for part in one.parts)


def remove_emptied(one: Declaration, keys: list[UUID] | None, now: datetime) -> int:
    """Remove emptied rows that nothing needs, and what they alone needed; return how many."""
    if keys == []:
        return 0
    removed = 0
    with as_engine(now), connection.cursor() as cursor:
        cursor.execute(statements.remove(one, current_id(), keys))
        gone = [key for (key,) in cursor.fetchall()]
        removed += len(gone)
        if gone and one.subject_is_row:
            _forget_subjects(gone)
    if gone:
        for parent, _column in statements.parents_of(one):
            removed += remove_emptied(parent, None, now)
    return removed


def _forget_subjects(persons: list[UUID]) -> None:
    """With the last trace of a person goes what was kept until then: keys of the audit."""
    wanted = f"any (array[{', '.join(map(literal, persons))}])"
    with connection.cursor() as cursor:
        for one in declarations():
            if one.until_subject_ends and one.subject is not None and one.subject.is_local:
                column = quoted(one.subject.column)
                mine = statements.of_tenant(one, current_id())
                cursor.execute(
                    f"delete from {quoted(one.table)} where {mine} and {column} = {wanted}"
                )


def _expires(one: Declaration) -> bool:
    return any(part.expires for part in one.parts)


def _expire(one: Declaration, now: datetime, limit: int) -> int:
    """Remove the rows of a library's table that have ended by themselves."""
    table, due, key = quoted(one.table), quoted(one.parts[0].due), quoted(one.key)
    mine = statements.of_tenant(one, current_id())
    removed = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"delete from {table} where {mine} and {key} in (select {key} from {table}"
                f" where {mine} and {due} <= {literal(now)} limit {limit}"
                " for update skip locked)"
            )
            last: int = cursor.rowcount
        removed += last
        if last < limit:
            return removed


def _is_first_today(now: datetime, promises: Promises) -> bool:
    last = Sweep.objects.order_by("-swept_at").first()
    if last is None:
        return True
    return last.swept_at.astimezone(promises.zone).date() < now.astimezone(promises.zone).date()


def _remember(report: SweepReport, promises: Promises) -> None:
    """Write the run down; of the runs that found nothing, keep those of the last days."""
    with transaction.atomic():
        Sweep.objects.create(
            swept_at=report.swept_at,
            policy=promises.digest,
            erased=report.erased,
            counts=[
                {"rule": one.rule, "table": one.table, "category": one.category, "count": one.count}
                for one in report.lines
            ],
        )
        idle = Sweep.objects.filter(erased=0, swept_at__lt=report.swept_at - IDLE_RUNS_KEPT)
        idle.delete()


def preview(*, now: datetime) -> SweepReport:
    """Say what a sweep at ``now`` would erase, and change nothing."""
    promises = promises_in_force(now)
    anew, holds, lines = {*stale(now), *unseen(now)}, any_holds(), []
    with connection.cursor() as cursor:
        for work in clockworks(promises):
            text = statements.preview(work, current_id(), now, holds=holds, anew=work in anew)
            cursor.execute(text)
            for rule, count, oldest in cursor.fetchall():
                lines.append(_line(work, rule, count, oldest))
    return SweepReport(now, promises.version, merge(lines))
