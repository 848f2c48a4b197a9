"""Jobs of the notices."""

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.notices.actions import tell_of_changes


@jobs.every("*/10 * * * *")
@jobs.handler("notices.tell_of_changes")
def tell_people_of_changes() -> None:
    """Write to people whom a material change concerns, once each."""
    tell_of_changes(clock.now())
