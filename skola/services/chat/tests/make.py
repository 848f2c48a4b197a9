"""Makers of the chat for tests."""

from datetime import UTC, datetime, time

from skola.ground.people.models import Person
from skola.services.chat import actions
from skola.services.chat.models import Chat
from skola.services.chat.rules import Span
from skola.services.desk import api as desk

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def hours(opens: int = 8, closes: int = 17, days: int = 5) -> None:
    """Somebody answers from Monday to Friday."""
    spans = [Span(day, time(opens), time(closes)) for day in range(days)]
    actions.set_hours(spans, by="system", now=A_DAY)


def chat(
    *,
    body: str = "Does the licence end with the school year?",
    email: str = "",
    person: Person | None = None,
    at: datetime = A_DAY,
) -> Chat:
    """A chat that somebody has begun and nobody has taken."""
    asked = desk.Asked("service", desk.Enquiry.Channel.CHAT, body, "en", "2019-01-01")
    return actions.begin(
        asked,
        desk.Sender("Rūta", "", email),
        person=person,
        wants_transcript=bool(email),
        by="visitor",
        now=at,
    )
