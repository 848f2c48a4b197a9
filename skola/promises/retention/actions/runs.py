"""A whole run, as the worker and the command do it: clocks, sweep, forecast, vacuum."""

from datetime import datetime

from skola.ground.clock import Clocks
from skola.promises.retention.actions.breakers import release_rule, stopped, trip
from skola.promises.retention.actions.clock_guard import believe, demand_true_clock
from skola.promises.retention.actions.forecasts import foresee_if_old
from skola.promises.retention.actions.sweeps import is_first_today, preview, sweep
from skola.promises.retention.actions.vacuum import vacuum_after
from skola.promises.retention.live import promises_in_force
from skola.promises.retention.models import Breaker
from skola.promises.retention.report import SweepReport


def run_sweep(*, now: datetime, clocks: Clocks) -> SweepReport:
    """Sweep the speaking tenant once, if the clocks are believed.

    ``now`` was read once, before: a clock that is moved while the sweep runs changes nothing.
    Raises ClockDoubtError and NoPolicyError; nothing has been erased then.
    """
    demand_true_clock(now, clocks)
    first = is_first_today(now, promises_in_force(now))
    report = sweep(now=now)
    believe(now, clocks)
    foresee_if_old(now=now)
    vacuum_after(report, once_a_day=first, now=now)
    return report


def release_all(*, reason: str, by: str, now: datetime) -> list[Breaker]:
    """Let everything go that is due at ``now`` and that the breaker would stop; return the rules.

    For the first sweep of data that were brought from elsewhere, whose backlog nobody foresaw.
    """
    for one in preview(now=now).refused:
        trip(one, now)
    return [release_rule(one.rule, reason=reason, by=by, now=now) for one in stopped()]
