"""Makers of private messages for tests."""

from datetime import datetime

from skola.ground.people.models import Person
from skola.services.messages.models import Conversation, Message
from skola.services.school.tests.make import A_DAY


def message(
    author: Person,
    recipient: Person,
    body: str = "Is page 12 for Monday?",
    *,
    title: str = "Homework",
    at: datetime = A_DAY,
) -> Message:
    """What begins a conversation between two people."""
    return Message.objects.create(
        conversation=Conversation.objects.create(opened_at=at),
        author=author,
        recipient=recipient,
        title=title,
        body=body,
        sent_at=at,
    )
