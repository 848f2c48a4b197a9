"""Every table read once, in one snapshot, under the policies as they are and as changed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import IsolationLevel

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.tenants.api import current_id
from skola.promises.retention.actions.clocks import any_holds
from skola.promises.retention.live import clockworks_of
from skola.promises.retention.rules import NEVER
from skola.promises.retention.sql import Clockwork
from skola.promises.retention.terms import Promises
from skola.promises.simulation import statements
from skola.promises.simulation.rules import HOLD, Going, Held, Months, Side, Stuck
from skola.promises.simulation.statements import ACCOUNTS, CODES, Beside, Reading, Span, Words

Progress = Callable[[int, int, str], None]
"""Told before each reading: how many are done, of how many, and which table comes."""
Row = tuple[str, int, int, int, int, int | None, int | None, int | None, Decimal | None]


@dataclass(frozen=True)
class Stage:
    """Terms, and the moment from which they bind."""

    since: datetime
    promises: Promises


Timeline = tuple[Stage, ...]
"""Stages in order of time; the first binds now."""


@dataclass(frozen=True)
class Counts:
    """What the readings of all tables add up to."""

    going: tuple[Going, ...]
    stuck: tuple[Stuck, ...]
    held: tuple[Held, ...]
    concerned: int
    unreached: int


@reading_for(ENGINE)
def count(
    before: Timeline,
    after: Timeline,
    months: Months,
    *,
    progress: Progress | None = None,
    clockworks: Callable[[Promises], tuple[Clockwork, ...]] | None = None,
) -> Counts:
    """Count what goes and what is stuck under two timelines; nothing further happens, none changes.

    All of it is read in one snapshot (repeatable read), unless the caller is in a transaction.
    ``clockworks`` gives the clocks of other tables than those of the register.
    """
    tenant = current_id()
    readings = _readings(before, after, months, clockworks or clockworks_of)
    going: list[Going] = []
    stuck: list[Stuck] = []
    held: list[Held] = []
    with _snapshot(before[0].promises.timezone), connection.cursor() as cursor:
        for text in statements.gather(readings[0].words):
            cursor.execute(text)
        if any_holds():
            readings = [replace(one, holds=True) for one in readings]
        _close_accounts(cursor, readings, tenant)
        for number, reading in enumerate(readings):
            if progress is not None:
                progress(number, len(readings), reading.declaration.table)
            cursor.execute(reading.counted(tenant))
            rows: list[Row] = cursor.fetchall()
            going += _going(reading, rows)
            stuck += _stuck(reading, rows)
            held += _held(reading, rows)
        cursor.execute(
            f"select count(*), count(*) filter (where not exists (select 1 from {ACCOUNTS} a"
            " where a.tenant_id = (select current_setting('skola.tenant')::uuid)"
            f" and a.person_id = told.person and a.is_active)) from {statements.TOLD} told"
        )
        concerned, unreached = cursor.fetchone()
        cursor.execute(f"drop table {statements.FACTS}, {statements.TOLD}")
    going.sort(key=lambda one: one.order)
    return Counts(tuple(going), tuple(stuck), tuple(held), concerned, unreached)


@contextmanager
def _snapshot(zone: str) -> Iterator[None]:
    """One transaction that sees the database as it is at its first question, days as in ``zone``.

    Moments must not be read in it: Django takes them for UTC.
    """
    connection.ensure_connection()
    inner: Any = connection.connection
    if not connection.in_atomic_block:
        inner.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with transaction.atomic():
            _speak_of_days_in(zone)
            yield
            _speak_of_days_in("UTC")
    finally:
        if not connection.in_atomic_block and not inner.closed:
            inner.isolation_level = None


def _speak_of_days_in(zone: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('timezone', %s, true)", [zone])


# ---- which judgements count when -------------------------------------------------------------


def _readings(
    before: Timeline,
    after: Timeline,
    months: Months,
    clockworks: Callable[[Promises], tuple[Clockwork, ...]],
) -> list[Reading]:
    """Return a reading for every part of every table, those of accounts first."""
    promises = list(dict.fromkeys(stage.promises for stage in (*before, *after)))
    clocks = {each: clockworks(each) for each in promises}
    words = Words.of(work for works in clocks.values() for work in works)
    first = clocks[promises[0]]
    places = sorted(range(len(first)), key=lambda n: first[n].declaration.table != ACCOUNTS)
    accounts_differ = False
    found = []
    for place in places:
        company = {each: works[place] for each, works in clocks.items()}
        reading = _reading(company, (before, after), accounts_differ, words, months)
        if reading.declaration.table == ACCOUNTS:
            accounts_differ = accounts_differ or len(reading.sides) > 1
        found.append(reading)
    return found


def _reading(
    company: dict[Promises, Clockwork],
    timelines: Sequence[Timeline],
    accounts_differ: bool,
    words: Words,
    months: Months,
) -> Reading:
    zone = timelines[0][0].promises.timezone
    ends: dict[str, str] = {}
    codes = {"": 0, HOLD: 1}
    works: list[Beside] = []
    numbers: dict[tuple[str, int], int] = {}
    sides: list[tuple[Span, ...]] = []
    shared = _shared(*timelines)
    for number, timeline in enumerate(timelines):
        spans: list[Span] = []
        for at, stage in enumerate(timeline):
            until = timeline[at + 1].since if at + 1 < len(timeline) else NEVER
            own = company[stage.promises]
            work = Beside(
                own.declaration,
                own.part,
                own.promises,
                tuple(company.values()),
                zone,
                number,
                len(works),
                ends,
                codes,
            )
            follows = work.follows_account and accounts_differ and at >= shared
            key = (own.digest, number if follows else 0)
            if key not in numbers:
                numbers[key] = len(works)
                works.append(work if follows else replace(work, side=0))
            if spans and spans[-1].judgement == numbers[key]:
                spans[-1] = replace(spans[-1], until=until)
            else:
                spans.append(Span(numbers[key], stage.since, until))
        sides.append(tuple(spans))
    if _says(sides[0]) == _says(sides[1]):
        sides = sides[:1]
    return Reading(tuple(works), tuple(sides), words, months, holds=False)


def _shared(before: Timeline, after: Timeline) -> int:
    """How many stages the two have in common before they part.

    Until then what goes is the same under both. What is judged of a part while it is still there
    does not depend on what ends later, so these stages need no judgement of their own.
    """
    number = 0
    for one, other in zip(before, after, strict=False):
        if one.promises is not other.promises or one.since != other.since:
            break
        number += 1
    return number


def _says(spans: tuple[Span, ...]) -> tuple[tuple[int, datetime], ...]:
    return tuple((span.judgement, span.since) for span in spans)


def _close_accounts(cursor: Any, readings: Sequence[Reading], tenant: UUID) -> None:
    """Write down when each account goes, where any other table's terms depend on it."""
    if not any(work.follows_account for reading in readings for work in reading.works):
        return
    for reading in readings:
        if reading.declaration.table == ACCOUNTS:
            cursor.execute(statements.close_accounts(reading, tenant))


# ---- from rows to values ---------------------------------------------------------------------


def _going(reading: Reading, rows: Sequence[Row]) -> Iterator[Going]:
    work, number = reading.works[0], len(reading.months)
    named = reading.names
    found: dict[tuple[int, int], Going] = {}
    for kind, side, rule, month, parts, first, second, third, _ in rows:
        if kind != "goes" or month > number + 1:
            continue
        one = found.get((rule, month)) or Going(
            work.declaration.table,
            work.part.category,
            named[rule],
            month - 1 if month <= number else None,
        )
        if side == 1:
            one = replace(one, after=int(parts), ended=int(first or 0))
        else:
            one = replace(
                one,
                before=int(parts),
                after=int(parts) if len(reading.sides) == 1 else one.after,
                earlier=int(first or 0),
                later=int(second or 0),
                never=int(third or 0),
            )
        found[rule, month] = one
    yield from found.values()


def _stuck(reading: Reading, rows: Sequence[Row]) -> Iterator[Stuck]:
    work, months, last = reading.works[0], len(reading.months), len(reading.sides) - 1
    stays = [row for row in rows if row[0] in ("begin", "end")]
    for pair in sorted({row[2] for row in stays}):
        ceiling, floor = divmod(pair, CODES)
        yield Stuck(
            work.declaration.table,
            work.part.category,
            reading.names[ceiling],
            reading.names[floor],
            before=_side([row for row in stays if row[1:3] == (0, pair)], months),
            after=_side([row for row in stays if row[1:3] == (last, pair)], months),
        )


def _side(rows: Sequence[Row], number: int) -> Side:
    """Add up who became stuck and who was let go: how many are stuck at each month's end."""
    stock, months = [0] * (number + 3), []
    begins = [row for row in rows if row[0] == "begin"]
    ends = [row for row in rows if row[0] == "end"]
    for kind, _, _, month, parts, *_ in rows:
        stock[month] += int(parts) if kind == "begin" else -int(parts)
    standing = 0
    for month in range(1, number + 1):
        standing += stock[month]
        months.append(standing)
    latest = max((_moment(row[8]) for row in ends if row[8] is not None), default=NEVER)
    return Side(
        parts=sum(int(row[4]) - int(row[5] or 0) for row in begins),
        months=tuple(months),
        until=latest if latest < NEVER else None,
        endless=sum(int(row[4]) for row in ends if row[3] == number + 2),
    )


def _moment(seconds: Decimal) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(seconds * 1_000_000))


def _held(reading: Reading, rows: Sequence[Row]) -> Iterator[Held]:
    work, never = reading.works[0], len(reading.months) + 2
    goes = [row for row in rows if row[0] == "goes" and row[1] == 0]
    parts = sum(int(row[4]) for row in goes)
    if not parts:
        return
    last = len(reading.sides) - 1

    def total(kind: str, side: int, month: int | None = None) -> int:
        same = [row for row in rows if row[0] == kind and row[1] == side]
        return sum(int(row[4]) for row in same if month in (None, row[3]))

    yield Held(
        work.declaration.table,
        work.part.category,
        parts=parts,
        differing=sum(int(n or 0) for row in goes for n in row[5:8]),
        endless_before=total("goes", 0, never),
        endless_after=total("goes", last, never),
        on_hold_before=total("held", 0),
        on_hold_after=total("held", last),
    )
