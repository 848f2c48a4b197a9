from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.intake import actions


@jobs.every("35 4 * * *")
@jobs.handler("intake.forget_old")
def forget_old() -> None:
    """Numbers of messages that came months ago are forgotten."""
    actions.forget_old(now=clock.now())
