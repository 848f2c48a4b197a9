"""Jobs of the people's room."""

from uuid import UUID

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.ground.people.mail import SEND, send


@jobs.handler(SEND)
def send_mail(mail: str, about: str = "") -> None:
    """Send one mail; a mail server that is away is asked again later."""
    send(UUID(mail), about=about, now=clock.now())
