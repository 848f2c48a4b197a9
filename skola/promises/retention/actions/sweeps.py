"""The sweep: what is due goes, in batches, each with its audit in the same transaction.

There is no state to repair. What remains to be done is always what the due dates say, so a sweep
that was killed, ran twice, or runs beside another one, does what one sweep does.
"""

import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.tenants.api import current_id
from skola.promises.inventory.api import Declaration, declaration_of, declarations
from skola.promises.retention import statements
from skola.promises.retention.actions import breakers
from skola.promises.retention.actions.clocks import (
    AHEAD,
    any_holds,
    as_engine,
    clock_table,
    look_again,
    renew_stale,
    stale,
    works_where,
)
from skola.promises.retention.actions.facts import see_unseen, unseen
from skola.promises.retention.allowances import Allowances
from skola.promises.retention.functions import Asked, removing_name
from skola.promises.retention.live import clockworks, promises_in_force
from skola.promises.retention.models import Sweep
from skola.promises.retention.report import Line, Overdue, Refused, SweepReport, merge
from skola.promises.retention.rows import is_theirs, of_tenant
from skola.promises.retention.sql import Clockwork, literal, quoted
from skola.promises.retention.terms import Promises

BATCH = 5_000
IDLE_RUNS_KEPT = timedelta(days=7)


@reading_for(ENGINE)
def sweep(*, now: datetime, dry_run: bool = False, batch: int = BATCH) -> SweepReport:
    """Erase everything of the speaking tenant that is due at ``now``, and say what it was.

    With ``dry_run`` nothing changes and the same is said. Raises NoPolicyError.
    """
    promises = promises_in_force(now)
    if dry_run:
        return preview(now=now)
    renew_stale(now)
    see_unseen(now)
    begun = time.monotonic()
    is_first = is_first_today(now, promises)
    if is_first:
        _look_ahead(clockworks(promises), now)
    report = sweep_works(clockworks(promises), promises, now=now, batch=batch)
    expired = sum(_expire(one, now, batch) for one in declarations() if _expires(one))
    removed = report.removed
    if is_first:
        removed += sum(
            remove_emptied(one, None, now) for one in declarations() if _can_be_kept(one)
        )
    if report.erased or removed:
        _settle(clockworks(promises), now)
    late = left(clockworks(promises), now)
    report = replace(report, expired=expired, removed=removed, overdue=late)
    for one in report.refused:
        breakers.trip(one, now)
    breakers.close_others([one.rule for one in report.refused], now)
    _remember(report, promises, seconds=time.monotonic() - begun)
    return report


def _settle(works: tuple[Clockwork, ...], now: datetime) -> None:
    """Compute the dates that hang on what has just gone: an account ends what was kept for it.

    They hide what they hide at once, and the next sweep erases it.
    """
    see_unseen(now)
    for work in works_where(works, Asked.WAITING, now=now):
        clock_table(work, now=now)


def _look_ahead(works: tuple[Clockwork, ...], now: datetime) -> None:
    """Compute again the dates that are about to pass: activity may have put them off."""
    for work in works_where(works, Asked.SOON, now=now, until=now + AHEAD):
        look_again(work, now=now)


@reading_for(ENGINE)
def sweep_works(
    works: tuple[Clockwork, ...],
    promises: Promises,
    *,
    now: datetime,
    batch: int = BATCH,
    limits: Allowances | None = None,
) -> SweepReport:
    """Clock and sweep these parts of these tables; rules beyond their allowance are left out."""
    for work in works_where(works, Asked.WAITING, now=now):
        clock_table(work, now=now)
    due = works_where(works, Asked.OVERDUE, now=now)
    if not due:
        return SweepReport(now, promises.version, ())
    limits = limits or breakers.allowances(promises, now)
    refused: dict[str, Refused] = {}
    if not breakers.is_surely_within(due, limits, now):
        refused = breakers.refuse(breakers.due_by_rule(due, now), limits)
    run = _Run(promises, now, batch, limits, refused)
    for work in due:
        _sweep_table(work, run)
    stopped = tuple(sorted(run.refused.values()))
    return SweepReport(
        now, promises.version, merge(run.lines), removed=run.removed, refused=stopped
    )


@dataclass
class _Run:
    """One sweep under way: as of when, within which limits, and what it did so far."""

    promises: Promises
    now: datetime
    limit: int
    limits: Allowances
    refused: dict[str, Refused]
    lines: list[Line] = field(default_factory=list)
    removed: int = 0


def _sweep_table(work: Clockwork, run: _Run) -> None:
    """Sweep one part of one table to the end.

    A batch that goes beyond an allowance, since more came due meanwhile, is undone and done again
    without that rule.
    """
    seen, last = run.limit, None
    while seen == run.limit:
        batch = statements.Batch(
            current_id(), run.now, run.limit, any_holds(), tuple(run.refused), last
        )
        try:
            rows, removed = _sweep_batch(work, batch, run)
        except breakers.OverAllowanceError as over:
            counted = breakers.due_by_rule([work], run.now)
            for rule in over.rules:
                one = run.limits.of(rule)
                run.refused[rule] = Refused(rule, counted.get(rule, 0), one.left, one.foreseen)
            continue
        run.removed += removed
        seen = 0
        for kind, name, count, oldest, keys in rows:
            if kind == "seen":
                seen, last = count, (oldest, keys[0])
            elif kind == "erased":
                run.lines.append(_line(work, name, count, oldest))


def _sweep_batch(
    work: Clockwork, batch: statements.Batch, run: _Run
) -> tuple[list[tuple[Any, ...]], int]:
    """Sweep one batch in one transaction; return what the statement told, and the rows removed.

    Raises OverAllowanceError, and changes nothing then.
    """
    digest, version = run.promises.digest, run.promises.version
    removed = 0
    with as_engine(batch.now):
        breakers.one_batch_at_a_time()
        with connection.cursor() as cursor:
            cursor.execute(statements.sweep(work, batch, digest=digest, version=version))
            rows = cursor.fetchall()
        for kind, name, _count, _oldest, keys in rows:
            if kind == "erased":
                removed += remove_emptied(work.declaration, keys or [], batch.now)
            elif kind == "freed" and keys:
                removed += remove_emptied(declaration_of(name), keys, batch.now)
        if rules := {name for kind, name, *_ in rows if kind == "erased"}:
            breakers.keep_within(run.limits, rules)
    return rows, removed


def left(works: tuple[Clockwork, ...], now: datetime) -> tuple[Overdue, ...]:
    """Ask anew what is due, by other statements than those that erased it."""
    late = works_where(works, Asked.OVERDUE, now=now)
    return late_by_rule(late, now)


def late_by_rule(works: list[Clockwork], now: datetime) -> tuple[Overdue, ...]:
    """Return what is due in these tables, by rule."""
    found: dict[str, Overdue] = {}
    holds = any_holds()
    with connection.cursor() as cursor:
        for work in works:
            text = statements.preview(work, current_id(), now, holds=holds, anew=False)
            cursor.execute(text)
            for rule, count, since in cursor.fetchall():
                known = found.get(rule, Overdue(rule, 0, since))
                found[rule] = Overdue(rule, known.count + count, min(known.since, since))
    return tuple(sorted(found.values()))


def _line(work: Clockwork, rule: str, count: int, oldest: datetime) -> Line:
    table, category = work.declaration.table, work.part.category
    return Line(table, category, rule, work.clauses(rule), count, oldest)


def _can_be_kept(one: Declaration) -> bool:
    return one.stays and not any(part.expires for part in one.parts)


def remove_emptied(one: Declaration, keys: list[UUID] | None, now: datetime) -> int:
    """Remove emptied rows that nothing needs, and what they alone needed; return how many."""
    if keys == []:
        return 0
    removed = 0
    with as_engine(now), connection.cursor() as cursor:
        cursor.execute(f"select {removing_name(one)}(%s, %s::uuid[])", [current_id(), keys])
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
    with connection.cursor() as cursor:
        for one in declarations():
            if one.until_subject_ends and one.subject is not None and one.subject.is_local:
                mine = of_tenant(one, current_id())
                theirs = is_theirs(one, current_id(), persons)
                cursor.execute(f"delete from {quoted(one.table)} where {mine} and {theirs}")


def _expires(one: Declaration) -> bool:
    return any(part.expires for part in one.parts)


def _expire(one: Declaration, now: datetime, limit: int) -> int:
    """Remove the rows of a library's table that have ended by themselves."""
    table, due, key = quoted(one.table), quoted(one.parts[0].due), quoted(one.key)
    mine = of_tenant(one, current_id())
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


def is_first_today(now: datetime, promises: Promises) -> bool:
    """Whether no sweep was carried through on this local day yet."""
    last = Sweep.objects.order_by("-swept_at").first()
    if last is None:
        return True
    return last.swept_at.astimezone(promises.zone).date() < now.astimezone(promises.zone).date()


def _remember(report: SweepReport, promises: Promises, *, seconds: float) -> None:
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
            refused=[
                {"rule": one.rule, "due": one.due, "allowed": one.allowed} for one in report.refused
            ],
            overdue=[
                {"rule": one.rule, "count": one.count, "since": one.since.isoformat()}
                for one in report.overdue
            ],
            seconds=seconds,
        )
        idle = Sweep.objects.filter(erased=0, swept_at__lt=report.swept_at - IDLE_RUNS_KEPT)
        idle.delete()


@reading_for(ENGINE)
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
    counted: dict[str, int] = {}
    for line in lines:
        counted[line.rule] = counted.get(line.rule, 0) + line.count
    refused = breakers.refuse(counted, breakers.allowances(promises, now))
    return SweepReport(now, promises.version, merge(lines), refused=tuple(sorted(refused.values())))
