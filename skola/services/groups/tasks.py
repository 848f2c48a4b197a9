from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.groups import queries, trainers


@jobs.every("35 * * * *")
@jobs.handler("groups.end_cooperations")
def end_cooperations() -> None:
    """Cooperation contracts end with their last day, wherever the tenant's midnight falls."""
    now = clock.now()
    trainers.end_cooperations_that_are_over(
        zone=queries.zone(now), by="groups.end_cooperations", now=now
    )
