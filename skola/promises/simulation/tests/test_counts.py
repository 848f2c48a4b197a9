"""The counts of a simulation are those that the plain interpreter finds part by part."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from conftest import sized
from skola.ground.people.models import Role
from skola.ground.tenants.api import Tenant
from skola.promises.retention.rules import NEVER
from skola.promises.retention.sql import Clockwork
from skola.promises.retention.terms import Promises
from skola.promises.retention.tests import make
from skola.promises.retention.tests.test_sql import ROLES, World
from skola.promises.simulation import queries
from skola.promises.simulation.queries import Stage, Timeline, count
from skola.promises.simulation.rules import Months, months_from
from skola.promises.simulation.tests import plain


def roles_only(promises: Promises) -> tuple[Clockwork, ...]:
    """The clock of roles, declared in a way that uses everything there is."""
    return (Clockwork(ROLES, ROLES.parts[0], promises),)


def timelines(world: World, now: datetime) -> tuple[Timeline, Timeline]:
    """Policies as they are, with an announced version now and then, and a changed one."""
    stages = [Stage(now, world.promises())]
    if world.chance.random() < 0.3:
        stages.append(Stage(now + timedelta(days=40), world.promises()))
    binds = now + timedelta(days=world.chance.randrange(0, 200), hours=world.chance.randrange(24))
    before = tuple(stages)
    earlier = tuple(stage for stage in before if stage.since < binds)
    return before, (*earlier, Stage(binds, world.promises()))


@pytest.mark.parametrize("seed", range(2))
def test_counts_are_those_of_the_plain_interpreter(tenant: Tenant, seed: int) -> None:
    world = World(seed)
    world.people(12)
    rows = list(Role.objects.select_related("person"))
    going = moved = stuck = 0
    for _ in range(sized(8, 24)):
        now = world.moment()
        months = months_from(now, 24, make.RIGA)
        before, after = timelines(world, now)
        found = count(before, after, months, clockworks=roles_only)
        promises = tuple({stage.promises for stage in (*before, *after)})
        known = _known(promises, rows)
        work = Clockwork(ROLES, ROLES.parts[0], before[0].promises)

        assert _going(found) == plain.expected_going({before: work, after: work}, known, months)
        assert _moves(found) == _expected_moves(work, before, after, known, now)
        _compare_stuck(found, work, before, after, known, months)
        (held,) = found.held
        fates = [_fates(work, before, after, one, now) for one in known.values()]
        assert held.parts == len(rows)
        assert held.endless_before == sum(was == NEVER for was, _ in fates)
        assert held.endless_after == sum(becomes == NEVER for _, becomes in fates)
        assert held.differing == sum(was != becomes for was, becomes in fates)
        concerned = {
            row.person_id
            for row in rows
            for was, becomes in [_fates(work, before, after, known[row.pk], now)]
            if was != becomes
        }
        assert found.concerned == found.unreached == len(concerned)
        going += sum(one.before for one in found.going)
        moved += held.differing
        stuck += sum(one.before.parts for one in found.stuck)
    assert going > sized(30, 150)
    assert moved > sized(30, 150)
    assert stuck > sized(5, 40)


def _known(promises: tuple[Promises, ...], rows: list[Role]) -> dict[Any, Any]:
    """What is known of each row, with every condition that any of the policies asks about."""
    found: dict[Any, Any] = {}
    for each in promises:
        work = Clockwork(ROLES, ROLES.parts[0], each)
        for key, known in plain.everything(work, rows).items():
            if key in found:
                both = found[key].conditions | known.conditions
                found[key] = replace(known, conditions=both)
            else:
                found[key] = known
    return found


def _going(found: queries.Counts) -> Counter[tuple[str, int | None, str]]:
    counted: Counter[tuple[str, int | None, str]] = Counter()
    for one in found.going:
        counted[one.rule, one.month, "before"] += one.before
        counted[one.rule, one.month, "after"] += one.after
    return +counted


def _fates(work: Any, before: Any, after: Any, known: Any, now: datetime) -> tuple[Any, Any]:
    return plain.fate(work, before, known, now)[0], plain.fate(work, after, known, now)[0]


def _moves(found: queries.Counts) -> tuple[int, int, int, int]:
    return (
        sum(one.earlier for one in found.going),
        sum(one.later for one in found.going),
        sum(one.never for one in found.going),
        sum(one.ended for one in found.going),
    )


def _expected_moves(
    work: Any, before: Any, after: Any, known: dict[Any, Any], now: datetime
) -> tuple[int, int, int, int]:
    earlier = later = never = ended = 0
    for one in known.values():
        was, becomes = _fates(work, before, after, one, now)
        ended += was == NEVER and becomes < NEVER
        never += was < NEVER and becomes == NEVER
        earlier += becomes < was < NEVER
        later += was < becomes < NEVER
    return earlier, later, never, ended


def _compare_stuck(
    found: queries.Counts,
    work: Any,
    before: Timeline,
    after: Timeline,
    known: dict[Any, Any],
    months: Months,
) -> None:
    """At each month's end, what is past a ceiling stands behind one of its floors."""
    ends = [*months.starts[1:], months.until]
    for side, timeline in (("before", before), ("after", after)):
        goes = {key: plain.fate(work, timeline, one, months.now)[0] for key, one in known.items()}
        for number, end in enumerate(ends):
            moment = end - timedelta(microseconds=1)
            behind: Counter[str] = Counter()
            floors: dict[str, set[str]] = {}
            for key, one in known.items():
                if goes[key] <= moment:
                    continue
                said = plain.stuck_at(work, timeline, one, moment)
                if said is not None:
                    behind[said[0]] += 1
                    floors.setdefault(said[0], set()).update(said[1])
            told: Counter[str] = Counter()
            for row in found.stuck:
                standing = getattr(row, side).months[number]
                told[row.ceiling] += standing
                assert standing == 0 or row.floor in floors[row.ceiling]
            assert +told == behind
