import logging

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.retention.actions.clock_guard import ClockDoubtError
from skola.promises.retention.actions.forecasts import foresee as foresee_now
from skola.promises.retention.actions.runs import run_sweep

log = logging.getLogger("skola.retention")


@jobs.every("*/15 * * * *", to_the_end=True)
@jobs.handler("retention.sweep")
def sweep() -> None:
    """What is due goes every quarter of an hour."""
    try:
        run_sweep(now=clock.now(), clocks=clock.clocks())
        jobs.enqueue("notices.look", key="every")  # the marks beside the promises, at once
    except ClockDoubtError as doubt:  # to try again in a moment would change nothing
        log.error("Not swept: %s", doubt)


@jobs.handler("retention.foresee")
def foresee() -> None:
    """After a change, the officer's evening list is made anew."""
    foresee_now(now=clock.now())
