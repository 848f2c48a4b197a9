from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.undertakings.actions import ask_everybody


@jobs.every("15 * * * *")
@jobs.handler("undertakings.ask")
def ask_for_undertakings() -> None:
    """Roles of who has not signed what is in force open nothing (ekool-2.5-confidential)."""
    ask_everybody(now=clock.now())
