from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.policy.api import has
from skola.services.customers import actions, fees
from skola.services.customers.queries import CAPABILITY


@jobs.every("25 * * * *")
@jobs.handler("customers.bill")
def bill() -> None:
    """Contracts that were given notice end with their last day; begun periods are charged."""
    now = clock.now()
    if has(CAPABILITY, now=now):
        actions.end_those_given_notice(by="customers.bill", now=now)
        fees.bill_due(by="customers.bill", now=now)
