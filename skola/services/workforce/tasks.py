from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.policy.api import has
from skola.services.workforce import queries
from skola.services.workforce.actions import reminding


@jobs.every("40 * * * *")
@jobs.handler("workforce.remind")
def remind() -> None:
    """Digests go out in the morning of the tenant's day, wherever it begins."""
    now = clock.now()
    if has("workforce.briefings", now=now):
        reminding.remind(zone=queries.zone(now), by="workforce.remind", now=now)
