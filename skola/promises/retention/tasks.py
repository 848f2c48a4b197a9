from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.retention.actions import sweeps


@jobs.every("*/15 * * * *")
@jobs.handler("retention.sweep")
def sweep() -> None:
    """What is due goes every quarter of an hour."""
    sweeps.sweep(now=clock.now())
