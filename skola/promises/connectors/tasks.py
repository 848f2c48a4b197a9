from collections.abc import Sequence
from uuid import UUID

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.connectors import actions


@jobs.handler(actions.SHIP)
def ship(shipment: str) -> None:
    """Send one of those that wait; a processor that is away is asked again later."""
    actions.ship(UUID(shipment), now=clock.now())


@jobs.handler(actions.PASS)
def pass_contact(person: str, records: Sequence[str]) -> None:
    """Pass on one contact of a business; a processor that is away is asked again later."""
    actions.pass_contact(UUID(person), records, by=actions.PASS, now=clock.now())


@jobs.handler(actions.FETCH)
def fetch_home() -> None:
    """The files of a tenant that is switched off the cloud come back."""
    actions.bring_home(by=actions.FETCH, now=clock.now())


@jobs.every("*/30 * * * *")
@jobs.handler(actions.FOLLOW)
def follow() -> None:
    """What waits is tried again, and yesterday's numbers are told."""
    actions.follow(now=clock.now())
