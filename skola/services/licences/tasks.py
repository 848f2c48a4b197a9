from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.licences import actions
from skola.services.workforce.api import tenants_today


@jobs.every("10 * * * *")
@jobs.handler("licences.settle")
def settle() -> None:
    """Licences end with their last day, wherever the tenant's midnight falls (ema-1.1.3)."""
    now = clock.now()
    actions.settle(today=tenants_today(now), by="licences.settle", now=now)
