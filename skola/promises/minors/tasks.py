from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.minors import actions


@jobs.every("*/15 * * * *")
@jobs.handler("minors.escalate")
def escalate() -> None:
    """Reports of children that nobody decided in time come before everybody who can."""
    actions.escalate(now=clock.now())
