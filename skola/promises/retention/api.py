"""The door of ``retention``."""

from skola.promises.retention.actions.clocks import clock_missing, reclock_all
from skola.promises.retention.actions.facts import (
    UnknownWordError,
    record_event,
    record_history,
    record_state,
    withdraw_event,
)
from skola.promises.retention.actions.holds import HoldUnclearError, place_hold, release_hold
from skola.promises.retention.actions.sweeps import sweep
from skola.promises.retention.because import Clock
from skola.promises.retention.live import clockworks, promises_after, promises_in_force
from skola.promises.retention.models import Hold
from skola.promises.retention.queries import (
    Mark,
    clock_of,
    clocks_of,
    facts_for_marks,
    last_sweep,
    overdue,
    uncovered,
)
from skola.promises.retention.report import Line, SweepReport

__all__ = [
    "Clock",
    "Hold",
    "HoldUnclearError",
    "Line",
    "Mark",
    "SweepReport",
    "UnknownWordError",
    "clock_missing",
    "clock_of",
    "clocks_of",
    "clockworks",
    "facts_for_marks",
    "last_sweep",
    "overdue",
    "place_hold",
    "promises_after",
    "promises_in_force",
    "reclock_all",
    "record_event",
    "record_history",
    "record_state",
    "release_hold",
    "sweep",
    "uncovered",
    "withdraw_event",
]
