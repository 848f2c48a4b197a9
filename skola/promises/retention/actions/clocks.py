"""Filling the stored due dates, and emptying those that something has changed."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.tenants.api import current_id
from skola.promises.retention import statements
from skola.promises.retention.functions import Asked, asking_name
from skola.promises.retention.live import clockworks, promises_in_force
from skola.promises.retention.models import Hold, Terms
from skola.promises.retention.rows import is_theirs, of_tenant
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
        waiting = works_where(works, Asked.WAITING, now=now)
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


def works_where(
    works: Iterable[Clockwork],
    asked: Asked,
    *,
    now: datetime,
    until: datetime | None = None,
    persons: Sequence[UUID] = (),
) -> list[Clockwork]:
    """Return the clocks of whose rows this is true, asked in one statement."""
    every = list(works)
    if not every:
        return []
    given = "%(asked)s, %(tenant)s, %(now)s, %(until)s, %(persons)s::uuid[]"
    answers = ", ".join(f"{asking_name(work.declaration, work.part)}({given})" for work in every)
    values = {"asked": asked.value, "tenant": current_id(), "now": now, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(f"select array[{answers}]", {**values, "persons": list(persons)})
        (found,) = cursor.fetchone()
    return [work for work, is_so in zip(every, found, strict=True) if is_so]


def renew_dates(works: Sequence[Clockwork], persons: Sequence[UUID], now: datetime) -> None:
    """Compute anew the due dates of these persons' rows, where they have not passed.

    What is gone by ``now`` cannot be revived. Most people have rows in few tables: it is asked
    first in which.
    """
    if not works:
        return
    with as_engine(now), connection.cursor() as cursor:
        batch = statements.Batch(current_id(), now, 0, any_holds())
        for work in works_where(works, Asked.THEIRS, now=now, persons=persons):
            test = is_theirs(work.declaration, current_id(), persons)
            cursor.execute(statements.reclock_those(work, batch, test))


def settle_dates(
    works: Sequence[Clockwork], persons: Sequence[UUID], now: datetime, known: Sequence[Promises]
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


def soon_of(works: Iterable[Clockwork], persons: Sequence[UUID], now: datetime) -> list[Clockwork]:
    """Return the clocks by which a row of these persons is about to go."""
    return works_where(works, Asked.THEIRS_SOON, now=now, until=now + AHEAD, persons=persons)


def forget_dates(work: Clockwork, persons: Sequence[UUID], now: datetime) -> None:
    """Empty the due dates of these persons' rows, where they have not passed.

    What is gone by ``now`` cannot be revived.
    """
    if test := is_theirs(work.declaration, current_id(), persons):
        _forget(work, test, now)


def forget_dates_of_object(work: Clockwork, key: UUID, now: datetime) -> None:
    """Empty the due dates of one row, where they have not passed."""
    _forget(work, f"{quoted(work.declaration.key)} = {literal(key)}", now)


def forget_all_dates(work: Clockwork, now: datetime) -> None:
    """Empty the due dates of a whole part, where they have not passed."""
    _forget(work, "true", now)


def _forget(work: Clockwork, test: str, now: datetime) -> None:
    table, due = quoted(work.declaration.table), quoted(work.part.due)
    mine = of_tenant(work.declaration, current_id())
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
    filled = works_where(works, Asked.FILLED, now=now)
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
