"""Jobs of hand-overs."""

from uuid import UUID

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.handover.actions import TELL, TELL_CANCELLED, tell_everybody
from skola.promises.handover.actions import tell_cancelled as tell_of_cancelling
from skola.promises.policy.api import NoPolicyError


@jobs.every("*/10 * * * *")
@jobs.handler(TELL)
def tell_people() -> None:
    """Write to everybody who was not told yet that the service goes over."""
    try:
        tell_everybody(now=clock.now())
    except NoPolicyError:  # then nothing is announced either
        return


@jobs.handler(TELL_CANCELLED)
def tell_cancelled(handover: str) -> None:
    """Write to everybody who was told that it does not happen."""
    tell_of_cancelling(UUID(handover), now=clock.now())
