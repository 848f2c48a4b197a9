"""The door of ``retention``."""

from skola.promises.retention.actions.breakers import (
    NothingToReleaseError,
    release_rule,
    stopped,
)
from skola.promises.retention.actions.clock_guard import (
    ClockDoubtError,
    clock_doubt,
    confirm_clock,
    words_of,
)
from skola.promises.retention.actions.clocks import as_engine, clock_missing, reclock_all
from skola.promises.retention.actions.ending import (
    Ended,
    end_part,
    forget_needless_facts,
    granted_at,
    has_holds,
    opened_of,
    record_grant,
)
from skola.promises.retention.actions.facts import (
    UnknownWordError,
    open_states,
    record_event,
    record_history,
    record_state,
    withdraw_event,
)
from skola.promises.retention.actions.forecasts import foresee
from skola.promises.retention.actions.holds import HoldUnclearError, place_hold, release_hold
from skola.promises.retention.actions.joining import join_facts, part_facts
from skola.promises.retention.actions.releases import record_release
from skola.promises.retention.actions.runs import release_all, run_sweep
from skola.promises.retention.actions.sweeps import remove_emptied, sweep
from skola.promises.retention.because import Clock
from skola.promises.retention.live import clockworks, promises_after, promises_in_force
from skola.promises.retention.models import Breaker, Forecast, Hold, Release, Sweep, Timekeeping
from skola.promises.retention.queries import (
    Kept,
    Mark,
    clock_of,
    clocks_of,
    facts_for_marks,
    floors_of,
    foreseen_today,
    grounds_of,
    last_seen,
    last_sweep,
    overdue,
    overdue_now,
    people_in,
    people_who_met,
    people_with_states,
    sealed_now,
    uncovered,
)
from skola.promises.retention.report import Line, Overdue, Refused, SweepReport
from skola.promises.retention.rules import NEVER, Floor
from skola.promises.retention.sql import Clockwork, literal
from skola.promises.retention.terms import GRANTED, Promises
from skola.promises.retention.timekeeping import SILENCE

__all__ = [
    "GRANTED",
    "NEVER",
    "SILENCE",
    "Breaker",
    "Clock",
    "ClockDoubtError",
    "Clockwork",
    "Ended",
    "Floor",
    "Forecast",
    "Hold",
    "HoldUnclearError",
    "Kept",
    "Line",
    "Mark",
    "NothingToReleaseError",
    "Overdue",
    "Promises",
    "Refused",
    "Release",
    "Sweep",
    "SweepReport",
    "Timekeeping",
    "UnknownWordError",
    "as_engine",
    "clock_doubt",
    "clock_missing",
    "clock_of",
    "clocks_of",
    "clockworks",
    "confirm_clock",
    "end_part",
    "facts_for_marks",
    "floors_of",
    "foresee",
    "foreseen_today",
    "forget_needless_facts",
    "granted_at",
    "grounds_of",
    "has_holds",
    "join_facts",
    "last_seen",
    "last_sweep",
    "literal",
    "open_states",
    "opened_of",
    "overdue",
    "overdue_now",
    "part_facts",
    "people_in",
    "people_who_met",
    "people_with_states",
    "place_hold",
    "promises_after",
    "promises_in_force",
    "reclock_all",
    "record_event",
    "record_grant",
    "record_history",
    "record_release",
    "record_state",
    "release_all",
    "release_hold",
    "release_rule",
    "remove_emptied",
    "run_sweep",
    "sealed_now",
    "stopped",
    "sweep",
    "uncovered",
    "withdraw_event",
    "words_of",
]
