from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.quality import merging, running


@jobs.every("35 * * * *")
@jobs.handler("quality.run")
def run() -> None:
    """What is held is looked through, as often as the policy says."""
    running.run_if_due(by="quality.run", now=clock.now())


@jobs.every("45 2 * * *")
@jobs.handler("quality.forget_old")
def forget_old() -> None:
    """Merges that can be undone no more are final."""
    merging.forget_old(by="quality.forget_old", now=clock.now())
