"""The housekeeping of the queue itself; it belongs to no tenant."""

from procrastinate.contrib.django import app

from skola.ground.jobs import actions
from skola.ground.jobs.registry import QUEUE


@app.periodic(cron="* * * * *")
@app.task(name="jobs.reap", queue=QUEUE, queueing_lock="jobs.reap")
def reap(timestamp: int) -> None:
    """Once a minute the jobs of dead workers are put back."""
    actions.reap()


@app.periodic(cron="20 4 * * *")
@app.task(name="jobs.clear_finished", queue=QUEUE, queueing_lock="jobs.clear_finished")
def clear_finished(timestamp: int) -> None:
    """Once a day the failed jobs of a week ago are deleted."""
    actions.clear_finished()
