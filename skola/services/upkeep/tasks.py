from uuid import UUID

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.upkeep.actions import TELL, tell


@jobs.handler(TELL)
def tell_of_works(works: str) -> None:
    """Customers are told of works on a service that they hold (ilearn-8.d)."""
    tell(UUID(works), now=clock.now())
