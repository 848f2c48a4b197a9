from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.briefings import actions
from skola.services.workforce.api import tenants_today


@jobs.every("5 * * * *")
@jobs.handler("briefings.tell_of_missing_halves")
def tell_of_missing_halves() -> None:
    """Whoever has half a record is told when its day is over, wherever midnight falls."""
    now = clock.now()
    actions.tell_of_missing_halves(today=tenants_today(now), by="briefings.tell", now=now)
