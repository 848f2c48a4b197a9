from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.academies.actions.ending import LOOK_AFTER, look_after


@jobs.every("35 * * * *")
@jobs.handler(LOOK_AFTER)
def look_after_academies() -> None:
    """Numbers for the operator, the end of an academy for its people, and its closing."""
    look_after(now=clock.now())
