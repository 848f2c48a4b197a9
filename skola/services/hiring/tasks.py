from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.hiring import actions, queries
from skola.services.hiring.models import Application


@jobs.every("25 * * * *")
@jobs.handler("hiring.close_selections")
def close_selections() -> None:
    """Selections end with their latest date, wherever the tenant's midnight falls (ema-3.4)."""
    now = clock.now()
    actions.close_selections_that_are_over(
        today=queries.today(now), by="hiring.close_selections", now=now
    )


@jobs.handler("hiring.mail_received")
def mail_received(application: str, link: str) -> None:
    """A candidate gets the link; one who withdrew meanwhile has nothing to get."""
    found = Application.objects.select_related("vacancy").filter(pk=application).first()
    if found is not None:
        actions.mail_received(found, link=link)
