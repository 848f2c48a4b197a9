"""The daily look at packages."""

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.archives import actions

SETTLE = "archives.settle"


@jobs.every("50 3 * * *")
@jobs.handler(SETTLE)
def settle() -> None:
    """What pupils left is made anew; what is over is deleted (ekool-5.2.3)."""
    actions.settle(now=clock.now())
