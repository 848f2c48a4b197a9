"""Filling the stored due dates, and emptying those that something has changed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.tenants.api import current_id
from skola.promises.retention import statements
from skola.promises.retention.live import clockworks, promises_in_force
from skola.promises.retention.models import Hold, Terms
from skola.promises.retention.rules import GONE
from skola.promises.retention.sql import Clockwork, literal, quoted
from skola.promises.retention.terms import Promises

BATCH = 5_000
AHEAD = timedelta(days=14)
"""How long before a stored date passes it is computed again, day by day.

What is due is hidden at once. Activity puts dates off without touching them, so no date may pass
that nobody has looked at.
"""


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
    works = clockworks(promises_in_force(now))
    with reading_for(ENGINE):
        waiting = works_where(works, partial(statements.waiting, tenant=current_id()))
    return sum(clock_table(work, now=now, limit=limit) for work in waiting)


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


def works_where(works: Iterable[Clockwork], test: Callable[[Clockwork], str]) -> list[Clockwork]:
    """Return the clocks for which a test on their tables holds, asked in one statement.

    Those with an empty test are left out.
    """
    every = list(works)
    tests = [(number, test(work)) for number, work in enumerate(every)]
    asked = " union all ".join(f"select {number} where {text}" for number, text in tests if text)
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [every[number] for number in sorted(row[0] for row in cursor.fetchall())]


def renew_dates(works: Iterable[Clockwork], persons: str, now: datetime) -> None:
    """Compute anew the due dates of these persons' rows, where they have not passed.

    ``persons`` is a test such as ``= '…'::uuid``. What is gone by ``now`` cannot be revived. Most
    people have rows in few tables: it is asked first in which.
    """
    theirs = {work: test for work in works if (test := _is_theirs(work, persons))}
    if not theirs:
        return

    def standing(work: Clockwork) -> str:
        return statements.standing(work, current_id(), now, theirs[work])

    with as_engine(now), connection.cursor() as cursor:
        batch = statements.Batch(current_id(), now, 0, any_holds())
        for work in works_where(theirs, standing):
            cursor.execute(statements.reclock_those(work, batch, theirs[work]))


def settle_dates(
    works: Sequence[Clockwork], persons: str, now: datetime, known: Sequence[Promises]
) -> None:
    """Compute anew the due dates of these persons' rows after something became known of them.

    Where more than one set of terms is ``known`` (a version is announced, or ``now`` lies before
    the last one) they are emptied and wait for the sweep, which knows what is in force.
    """
    if len(known) == 1:
        renew_dates(works, persons, now)
        return
    for work in works:
        forget_dates(work, persons, now)


def soon_of(works: Iterable[Clockwork], persons: str, now: datetime) -> list[Clockwork]:
    """Return the clocks by which a row of these persons is about to go."""

    def soon(work: Clockwork) -> str:
        theirs = _is_theirs(work, persons)
        return theirs and statements.soon(work, current_id(), now, now + AHEAD, theirs)

    return works_where(works, soon)


def forget_dates(work: Clockwork, persons: str, now: datetime) -> None:
    """Empty the due dates of these persons' rows, where they have not passed.

    ``persons`` is a test such as ``= '…'::uuid``. What is gone by ``now`` cannot be revived.
    """
    if test := _is_theirs(work, persons):
        _forget(work, test, now)


def _is_theirs(work: Clockwork, persons: str) -> str:
    """The test that a row is about these persons; empty where it is about nobody."""
    one = work.declaration
    if one.subject is None:
        return ""
    column, found = one.subject.column, persons
    for hop in reversed(one.subject.hops):
        mine = f"tenant_id = {literal(current_id())}"
        inner = f"select {quoted(hop.key)} from {quoted(hop.table)}"
        found = f"in ({inner} where {mine} and {quoted(column)} {found})"
        column = hop.column
    return f"{quoted(one.table)}.{quoted(column)} {found}"


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
    moved = _reclock(work, now, limit)
    _remember([work])
    return moved


def renew_stale(now: datetime) -> None:
    """Compute anew the due dates of every part whose terms have changed."""
    works = stale(now)
    filled = works_where(works, lambda work: statements.filled(work, current_id()))
    for work in filled:
        renew(work, now=now)
    _remember([work for work in works if work not in filled])


def _remember(works: Iterable[Clockwork]) -> None:
    """Remember by which terms the dates of these parts are computed."""
    Terms.objects.bulk_create(
        [
            Terms(table=work.declaration.table, category=work.part.category, digest=work.digest)
            for work in works
        ],
        update_conflicts=True,
        unique_fields=["tenant", "table", "category"],
        update_fields=["digest"],
    )


def look_again(work: Clockwork, *, now: datetime, limit: int = BATCH) -> int:
    """Compute anew the dates that pass within ``AHEAD``; return how many moved."""
    return _reclock(work, now, limit, until=now + AHEAD)


def _reclock(work: Clockwork, now: datetime, limit: int, until: datetime | None = None) -> int:
    moved, batch = 0, statements.Batch(current_id(), now, limit, any_holds())
    while True:
        with as_engine(now), connection.cursor() as cursor:
            cursor.execute(statements.reclock(work, batch, until))
            seen, last, number = cursor.fetchone() or (0, None, 0)
        moved += number
        if seen < limit:
            return moved
        batch = replace(batch, after_key=last)


def reclock_all(rule_ids: set[str], *, now: datetime) -> int:
    """Compute anew each due date in which one of these rules has a say; return how many moved."""
    filled = 0
    for work in clockworks(promises_in_force(now)):
        if rule_ids & {rule.id for rule in work.rules}:
            filled += renew(work, now=now)
    return filled
