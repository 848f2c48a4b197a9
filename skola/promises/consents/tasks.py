from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.consents import actions


@jobs.every("*/15 * * * *")
@jobs.handler("consents.expire")
def end_expired() -> None:
    """Consents end whose time is over, and those of guardians when the child consents alone."""
    actions.end_expired(by="consents.expire", now=clock.now())
