"""The real run: the clock goes forward, policies change, and real sweeps act."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import connection, transaction

from skola.promises.retention import allowances, live
from skola.promises.retention.actions.sweeps import sweep
from skola.promises.retention.rules import NEVER
from skola.promises.retention.sql import quoted
from skola.promises.simulation.queries import Timeline
from skola.promises.simulation.rules import Months

Gone = Counter[tuple[str, str, str, int | None]]
"""How many parts went: table, category, rule, month."""


class _UndoneError(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """Let the block change what it likes, and put everything back."""
    try:
        with transaction.atomic():
            yield
            raise _UndoneError
    except _UndoneError:
        pass


@contextmanager
def policies(timeline: Timeline, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the stages bind the tenant, each from its moment on."""

    def promises_in_force(now: datetime) -> object:
        bound = [stage for stage in timeline if stage.since <= now] or [timeline[0]]
        return bound[-1].promises

    with patch.context() as inner:
        for module in (live, *_importers()):
            inner.setattr(module, "promises_in_force", promises_in_force)
        # somebody releases whatever the breaker would stop
        inner.setattr(allowances, "FREELY", 1_000_000)
        yield


def _importers() -> list[object]:
    """The modules that look for the terms in force by a name of their own."""
    from skola.promises.retention import queries
    from skola.promises.retention.actions import clocks, holds, sweeps

    every = (queries, clocks, holds, sweeps)
    return [module for module in every if hasattr(module, "promises_in_force")]


def run(
    timeline: Timeline,
    months: Months,
    patch: pytest.MonkeyPatch,
    *,
    after_each: Callable[[datetime], None] | None = None,
) -> Gone:
    """Sweep at every moment at which anything may go, to the end of the months; say what went."""
    gone: Gone = Counter()
    changes = [stage.since for stage in timeline if stage.since > months.now]
    with policies(timeline, patch):
        moment = months.now
        while moment < months.until:
            # what an account's end sets going is found by the sweep after
            while report := [*sweep(now=moment).lines]:
                for line in report:
                    key = (line.table, line.category, line.rule, months.index(moment))
                    gone[key] += line.count
            if after_each is not None:
                after_each(moment)
            later = [at for at in (*changes, *months.starts) if at > moment]
            moment = min([*later, next_due(timeline, moment), months.until])
    return gone


def next_due(timeline: Timeline, moment: datetime) -> datetime:
    """The earliest stored due date after a moment: nothing can go before it."""
    found = NEVER
    with connection.cursor() as cursor:
        for work in live.clockworks_of(timeline[0].promises):
            due, table = quoted(work.part.due), quoted(work.declaration.table)
            cursor.execute(f"select min({due}) from {table} where {due} > %s", [moment])
            (earliest,) = cursor.fetchone()
            found = min(found, earliest or NEVER)
    return found
