from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.runs.actions.mailing import send_due
from skola.services.runs.actions.running import SEND


@jobs.every("20 * * * *")
@jobs.handler(SEND)
def send_mails() -> None:
    """Invitations as soon as somebody is put down, reminders when their day has come."""
    send_due(now=clock.now())
