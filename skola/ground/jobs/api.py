"""The door of ``jobs``."""

from skola.ground.jobs.actions import clear_finished, enqueue, reap
from skola.ground.jobs.pulse import beat, every_second
from skola.ground.jobs.queries import counts, lag, waiting
from skola.ground.jobs.registry import (
    UnknownJobError,
    around,
    every,
    handler,
    tell_of_failures,
)
from skola.ground.jobs.worker import worker

__all__ = [
    "UnknownJobError",
    "around",
    "beat",
    "clear_finished",
    "counts",
    "enqueue",
    "every",
    "every_second",
    "handler",
    "lag",
    "reap",
    "tell_of_failures",
    "waiting",
    "worker",
]
