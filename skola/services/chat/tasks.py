from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.chat import actions
from skola.services.chat.models import Chat


@jobs.handler(actions.TRANSCRIPT)
def mail_transcript(chat: str) -> None:
    """What was said goes to the enquirer's address; an erased chat has nothing to send."""
    found = Chat.objects.select_related("enquiry").filter(pk=chat).first()
    if found is not None:
        actions.mail_transcript(found, now=clock.now())


@jobs.every("*/5 * * * *")
@jobs.handler("chat.end_silent")
def end_silent() -> None:
    """Chats in which nobody writes any more end."""
    actions.end_silent(by="system", now=clock.now())
