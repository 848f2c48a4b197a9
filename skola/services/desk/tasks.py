from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.desk import actions
from skola.services.desk.models import Message


@jobs.handler("desk.mail_answer")
def mail_answer(message: str) -> None:
    """An answer goes to the enquirer's address; an erased one has nothing to send."""
    found = Message.objects.select_related("enquiry").filter(pk=message).first()
    if found is not None:
        actions.mail_answer(found, now=clock.now())
