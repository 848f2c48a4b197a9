"""What a simulation costs (``python3 run.py bench``): a million parts beside the three seconds that
they may take, and beside one plain grouping of the same rows by month.

The rows and their terms are those of the clocks' own measures, seen three years before they end, so
that what goes and what is stuck is spread over the months.
"""

from dataclasses import replace
from datetime import timedelta
from statistics import median
from zoneinfo import ZoneInfo

from msgspec import structs

from skola.ground.measure import Measure
from skola.promises.retention import bench
from skola.promises.retention.bench import NOW, PART
from skola.promises.retention.sql import Clockwork
from skola.promises.retention.terms import Promises
from skola.promises.simulation.queries import Stage, count
from skola.promises.simulation.rules import LONGEST, months_from

ROWS = 200_000
ROUNDS = 3
SECONDS = 3.0
"""What a million parts may take."""
TIMES = 8.0
"""How many times one grouping of the same rows it may take."""
ABSOLUTE, RELATIVE = "simulate 1M parts in 3 s (s)", "simulate against one grouping (s)"


def measures(only: str = "") -> list[Measure]:
    """Take both measures, from one run, where the name of one contains ``only``."""
    wanted = [name for name in (ABSOLUTE, RELATIVE) if only in name]
    if not wanted:
        return []
    with bench._workshop():
        values, limits = _taken()
    million = 1_000_000 / ROWS
    value, limit = median(values) * million, median(limits) * million
    ratio = median(one / other for one, other in zip(values, limits, strict=True))
    found = {
        ABSOLUTE: Measure(ABSOLUTE, value, SECONDS, value / SECONDS, 1.0, value <= SECONDS),
        RELATIVE: Measure(RELATIVE, value, limit, ratio, TIMES, ratio <= TIMES),
    }
    return [found[name] for name in wanted]


def _taken() -> tuple[list[float], list[float]]:
    """Simulate a changed term over twelve years, and group the same rows, in turns."""
    bench._people(bench.PEOPLE)
    bench._rows(PART, ROWS)
    bench._settle(PART)
    now = NOW - timedelta(days=3 * 365)
    months = months_from(now, LONGEST * 12, ZoneInfo("Europe/Riga"))
    before = (Stage(now, bench.promises()),)
    after = (*before, Stage(now + timedelta(days=45), _changed()))
    values, limits = [], []
    with bench._as_application():
        for _ in range(ROUNDS):
            limits.append(bench._timed(_group))
            values.append(
                bench._timed(lambda: count(before, after, months, clockworks=_clockworks))
            )
    return values, limits


def _changed() -> Promises:
    """The terms with a year of inactivity made two."""
    general, inactive = bench.promises().retention
    assert inactive.at_most is not None
    longer = structs.replace(inactive.at_most, period="2 years")
    return replace(bench.promises(), retention=(general, structs.replace(inactive, at_most=longer)))


def _clockworks(promises: Promises) -> tuple[Clockwork, ...]:
    return (Clockwork(PART, PART.parts[0], promises),)


def _group() -> None:
    bench._run(
        f"select date_trunc('month', created_at at time zone 'Europe/Riga'), count(*),"
        f" count(fact.last_at) from {PART.table} part left join retention_fact fact"
        " on fact.tenant_id = part.tenant_id and fact.person_id = part.person_id"
        " and fact.event = 'account.last_action' group by 1"
    )
