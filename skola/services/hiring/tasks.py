from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.hiring import actions, queries


@jobs.every("25 * * * *")
@jobs.handler("hiring.close_selections")
def close_selections() -> None:
    """Selections end with their latest date, wherever the tenant's midnight falls (ema-3.4)."""
    now = clock.now()
    actions.close_selections_that_are_over(
        zone=queries.zone(now), by="hiring.close_selections", now=now
    )
