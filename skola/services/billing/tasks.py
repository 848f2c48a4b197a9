from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.billing import contracting, debts, queries


@jobs.every("20 * * * *")
@jobs.handler("billing.end_contracts")
def end_contracts() -> None:
    """Contracts end with their last day, wherever the tenant's midnight falls."""
    now = clock.now()
    contracting.end_contracts_that_are_over(
        zone=queries.zone(now), by="billing.end_contracts", now=now
    )


@jobs.every("10 * * * *")
@jobs.handler("billing.remind")
def remind() -> None:
    """Reminders of what was not paid, by the ladder of the policy."""
    debts.remind(by="billing.remind", now=clock.now())
