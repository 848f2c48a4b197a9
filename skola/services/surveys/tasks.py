from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.surveys import actions


@jobs.every("40 * * * *")
@jobs.handler("surveys.ask")
def ask() -> None:
    """Who was in a group that is over is asked how it was (kic-purpose-service)."""
    actions.ask_about_groups(by="surveys.ask", now=clock.now())
