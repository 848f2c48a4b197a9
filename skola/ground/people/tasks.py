"""Jobs of the people's room."""

from uuid import UUID

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.ground.people.mail import SEND, is_away, send


@jobs.handler(SEND, waits_for=is_away)
def send_mail(mail: str, about: str = "") -> None:
    """Send one mail; a mail server that is away is asked again, for a fortnight."""
    send(UUID(mail), about=about, now=clock.now())
