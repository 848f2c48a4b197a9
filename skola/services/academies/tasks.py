from uuid import UUID

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.academies.actions.ending import LOOK_AFTER, look_after
from skola.services.academies.actions.subprocessors import TELL, tell_clients


@jobs.every("35 * * * *")
@jobs.handler(LOOK_AFTER)
def look_after_academies() -> None:
    """Numbers for the operator, the end of an academy for its people, and its closing."""
    look_after(now=clock.now())


@jobs.handler(TELL)
def tell_of_subprocessor(party: str) -> None:
    """Administrators of clients are told of a new sub-processor (learnifier-3.2.d)."""
    tell_clients(UUID(party), now=clock.now())
