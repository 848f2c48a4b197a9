"""Filling the stored due dates, and emptying those that something has changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.tenants.api import current_id
from skola.promises.retention import statements
from skola.promises.retention.live import clockworks, promises_in_force
from skola.promises.retention.models import Hold, Terms
from skola.promises.retention.rules import GONE
from skola.promises.retention.sql import Clockwork, literal, quoted

BATCH = 5_000


@contextmanager
def as_engine(now: datetime) -> Iterator[None]:
    """Run the block in a transaction in which triggers know that the engine writes, and when.

    It sees all that is stored.
    """
    with reading_for(ENGINE), transaction.atomic():
        _tell("on", now.isoformat())
        yield
        _tell("off", "")


def _tell(clocking: str, now: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('skola.clocking', %s, true), set_config('skola.now', %s, true)",
            [clocking, now],
        )


def any_holds() -> bool:
    """Whether the tenant has ever placed a hold; without any, nobody looks for them."""
    return Hold.objects.exists()


def clock_missing(*, now: datetime, limit: int = BATCH) -> int:
    """Fill every due date that is missing, ``limit`` rows at a time. Returns how many it filled."""
    promises = promises_in_force(now)
    return sum(clock_table(work, now=now, limit=limit) for work in clockworks(promises))


def clock_table(work: Clockwork, *, now: datetime, limit: int = BATCH) -> int:
    """Fill the missing due dates of one part of one table."""
    filled, last = 0, limit
    while last == limit:
        with as_engine(now):
            batch = statements.Batch(current_id(), now, limit, any_holds())
            with connection.cursor() as cursor:
                cursor.execute(statements.clock(work, batch))
                last = cursor.rowcount
        filled += last
    return filled


def forget_dates(work: Clockwork, persons: str, now: datetime) -> None:
    """Empty the due dates of these persons' rows, where they have not passed.

    ``persons`` is a test such as ``= '…'::uuid``. What is gone by ``now`` cannot be revived.
    """
    one = work.declaration
    if one.subject is None:
        return
    column, found = one.subject.column, persons
    for hop in reversed(one.subject.hops):
        mine = f"tenant_id = {literal(current_id())}"
        inner = f"select {quoted(hop.key)} from {quoted(hop.table)}"
        found = f"in ({inner} where {mine} and {quoted(column)} {found})"
        column = hop.column
    _forget(work, f"{quoted(column)} {found}", now)


def forget_dates_of_object(work: Clockwork, key: UUID, now: datetime) -> None:
    """Empty the due dates of one row, where they have not passed."""
    _forget(work, f"{quoted(work.declaration.key)} = {literal(key)}", now)


def forget_all_dates(work: Clockwork, now: datetime) -> None:
    """Empty the due dates of a whole part, where they have not passed."""
    _forget(work, "true", now)


def _forget(work: Clockwork, test: str, now: datetime) -> None:
    table, due = quoted(work.declaration.table), quoted(work.part.due)
    mine = statements.of_tenant(work.declaration, current_id())
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {table} set {due} = null where {mine} and {test}"
            f" and {due} > {literal(now)} and {due} < {literal(GONE)}"
        )


def stale(now: datetime) -> list[Clockwork]:
    """Return the clocks whose stored dates were computed by other terms than those in force."""
    known = {
        (table, category): digest
        for table, category, digest in Terms.objects.values_list("table", "category", "digest")
    }
    return [
        work
        for work in clockworks(promises_in_force(now))
        if known.get((work.declaration.table, work.part.category)) != work.digest
    ]


def renew(work: Clockwork, *, now: datetime, limit: int = BATCH) -> int:
    """Compute anew the due dates of a part whose terms have changed; return how many moved.

    In batches in the order of keys, each in its own transaction, so that nobody waits longer than
    for one; rows whose date stays are not written. The new terms are remembered at the end: a run
    that was killed begins again, and finds what it did done.
    """
    moved, batch = 0, statements.Batch(current_id(), now, limit, any_holds())
    while True:
        with as_engine(now), connection.cursor() as cursor:
            cursor.execute(statements.reclock(work, batch))
            seen, last, number = cursor.fetchone() or (0, None, 0)
        moved += number
        if seen < limit:
            break
        batch = replace(batch, after_key=last)
    Terms.objects.update_or_create(
        table=work.declaration.table,
        category=work.part.category,
        defaults={"digest": work.digest},
    )
    return moved


def reclock_all(rule_ids: set[str], *, now: datetime) -> int:
    """Compute anew each due date in which one of these rules has a say; return how many moved."""
    filled = 0
    for work in clockworks(promises_in_force(now)):
        if rule_ids & {rule.id for rule in work.rules}:
            filled += renew(work, now=now)
    return filled
