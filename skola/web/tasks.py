"""Jobs of the front door."""

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.web.auditing.mail import mail_checkpoint
from skola.web.closing import close_due


@jobs.every("10 4 * * *")
@jobs.handler("web.mail_checkpoint")
def mail_checkpoint_of_the_day() -> None:
    """Mail the checkpoint of the audit to the officer, once a day."""
    mail_checkpoint(clock.now())


@jobs.every("*/5 * * * *")
@jobs.handler("web.close_accounts")
def close_accounts() -> None:
    """Close the accounts whose last day is over (learnifier-10.d)."""
    close_due(now=clock.now())
