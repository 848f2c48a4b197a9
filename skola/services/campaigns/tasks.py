from uuid import UUID

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.policy.api import has
from skola.services.campaigns import choosing, refusing, sending
from skola.services.campaigns.actions import DELIVER
from skola.services.campaigns.queries import CAPABILITY


@jobs.handler(DELIVER)
def deliver(delivery: str) -> None:
    """One message of a campaign leaves, if its ground still stands."""
    sending.deliver(UUID(delivery), now=clock.now())


@jobs.every("* * * * *")
@jobs.handler("campaigns.apply_refusals")
def apply_refusals() -> None:
    """What was to be read by somebody and was not in time is applied by itself (ilearn-35)."""
    refusing.apply_what_is_late(by="campaigns.apply_refusals", now=clock.now())


@jobs.every("15 * * * *")
@jobs.handler("campaigns.keep_addresses")
def keep_addresses() -> None:
    """Addresses of those who agreed are kept apart from their contract; the others go."""
    now = clock.now()
    if has(CAPABILITY, now=now):
        choosing.keep_addresses(now=now)
