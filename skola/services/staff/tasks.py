from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.staff import actions


@jobs.every("25 * * * *")
@jobs.handler("staff.take_over")
def take_over() -> None:
    """Roles that were given past the office come under review too (kic-security-access)."""
    actions.take_over(by="staff.take_over", now=clock.now())
