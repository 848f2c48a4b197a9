"""The door of ``jobs``."""

from skola.ground.jobs.actions import clear_finished, enqueue, reap
from skola.ground.jobs.queries import counts, waiting
from skola.ground.jobs.registry import UnknownJobError, every, handler
from skola.ground.jobs.worker import worker

__all__ = [
    "UnknownJobError",
    "clear_finished",
    "counts",
    "enqueue",
    "every",
    "handler",
    "reap",
    "waiting",
    "worker",
]
