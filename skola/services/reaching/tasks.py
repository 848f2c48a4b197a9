from uuid import UUID

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.reaching import actions, following


@jobs.handler(actions.PUSH)
def push(delivery: str) -> None:
    """Send one notice to its person's devices; a carrier that is away is asked again later."""
    actions.push(UUID(delivery), by=actions.PUSH, now=clock.now())


@jobs.every("*/5 * * * *")
@jobs.handler("reaching.follow")
def follow() -> None:
    """What became of mails and text messages is entered every five minutes."""
    following.follow(by="reaching.follow", now=clock.now())
