"""What a simulation must say, found part by part: the referee of its tests.

It asks of each part under each stage, moment by moment, whether anybody may still keep it, and
walks through the months one after another.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from skola.promises.retention.queries import known_of
from skola.promises.retention.rules import NEVER, Ceiling, Floor, FloorClass, gone_at, justifying
from skola.promises.retention.sql import Clockwork
from skola.promises.retention.terms import Known, moments, rules_for
from skola.promises.simulation.queries import Timeline
from skola.promises.simulation.rules import HOLD, Months


def fate(work: Clockwork, timeline: Timeline, known: Known, now: datetime) -> tuple[datetime, str]:
    """When a part goes if nothing further happens, and by which rule."""
    for number, stage in enumerate(timeline):
        last = number + 1 == len(timeline)
        floors, ceilings = bounds(work, stage.promises, known)
        end = end_of(floors, ceilings)
        if end is None:
            continue
        if last or end < timeline[number + 1].since:
            due = gone_at(floors, ceilings)
            assert due is not None
            return max(end, stage.since, now), due.rule
    return NEVER, ""


def end_of(floors: list[Floor], ceilings: list[Ceiling]) -> datetime | None:
    """The moment at which a part is gone, or None; every moment at which anything changes is tried.

    The same as ``oracle.end``, for policies that follow one another.
    """
    changes = {ceiling.at for ceiling in ceilings}
    changes |= {floor.until for floor in floors} | {floor.since for floor in floors}
    for moment in sorted(changes):
        if moment == NEVER:
            return None
        demanding = [ceiling for ceiling in ceilings if ceiling.at <= moment]
        standing = [floor for floor in floors if floor.since <= moment < floor.until]
        if demanding and not any(_keeps(floor, standing, demanding) for floor in standing):
            return moment
    return None


def _keeps(floor: Floor, standing: list[Floor], demanding: list[Ceiling]) -> bool:
    """Whether a floor keeps a part against all these ceilings: law does, and what each accepts.

    A ceiling of another version accepts what that version has for the same reason.
    """
    if floor.cls is FloorClass.HARD:
        return True
    for ceiling in demanding:
        same = [
            one
            for one in standing
            if (one.cls, one.purpose, one.version) == (floor.cls, floor.purpose, ceiling.version)
        ]
        if not same or floor.cls not in ceiling.yields:
            return False
    return True


def bounds(work: Clockwork, promises: Any, known: Known) -> tuple[list[Floor], list[Ceiling]]:
    """All floors and ceilings of a part, none left out."""
    return moments(rules_for(promises, work.part.category), known, promises)


def stuck_at(
    work: Clockwork, timeline: Timeline, known: Known, moment: datetime
) -> tuple[str, set[str]] | None:
    """The ceiling that a part is past at a moment at which it is still there, and its floors.

    The floors are those that keep it to the last, under the stage that binds at the moment.
    """
    stage = [stage for stage in timeline if stage.since <= moment][-1]
    floors, ceilings = bounds(work, stage.promises, known)
    passed = [ceiling for ceiling in ceilings if ceiling.at <= moment]
    if not passed:
        return None
    ceiling = min(passed, key=lambda one: (one.at, one.rule)).rule
    plain_floors = [floor for floor in floors if not floor.purpose.startswith("hold:")]
    bare = end_of(plain_floors, ceilings)
    end = end_of(floors, ceilings)
    if bare != end:
        return ceiling, {HOLD}
    keeping = justifying(plain_floors, ceilings, (end or NEVER) - timedelta(microseconds=1))
    return ceiling, {floor.purpose for floor in keeping}


def expected_going(
    works: Mapping[Timeline, Clockwork], known: Mapping[Any, Known], months: Months
) -> Counter[tuple[str, int | None, str]]:
    """How many parts go by each rule in each month, under each timeline."""
    found: Counter[tuple[str, int | None, str]] = Counter()
    for (timeline, work), side in zip(works.items(), ("before", "after"), strict=True):
        for one in known.values():
            goes, rule = fate(work, timeline, one, months.now)
            if goes < NEVER:
                found[rule, months.index(goes), side] += 1
    return found


def with_account_closed(known: Known, at: datetime) -> Known:
    """The same when the account is gone at a moment, which closes it."""
    if at >= NEVER or "account.open" not in known.opened:
        return known
    return replace(
        known,
        opened=known.opened - {"account.open"},
        ended={**known.ended, "account.open": at},
    )


def everything(work: Clockwork, rows: Sequence[Any]) -> dict[Any, Known]:
    """What is known of each row, whatever the terms look at."""
    return known_of(work, rows)
