from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.events.actions import close_what_is_over


@jobs.every("20 * * * *")
@jobs.handler("events.close")
def close_events() -> None:
    """Nobody is kept any longer for an event that is over."""
    close_what_is_over(now=clock.now())
