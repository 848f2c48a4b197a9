from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.accuracy import actions


@jobs.every("50 * * * *")
@jobs.handler("accuracy.invite")
def invite() -> None:
    """People are asked whether their data are right, as often as the policy says."""
    actions.invite_who_is_due(by="accuracy.invite", now=clock.now())
