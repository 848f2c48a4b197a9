from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.incidents import escalating


@jobs.every("*/15 * * * *")
@jobs.handler("incidents.warn_of_breaches")
def warn_of_breaches() -> None:
    """Staff are written to about breaches whose time runs out, each step once."""
    escalating.warn_of_breaches(now=clock.now())
