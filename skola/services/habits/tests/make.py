"""Makers of habits for tests."""

from datetime import UTC, datetime

from skola.ground.people.models import Person
from skola.services.habits import actions
from skola.services.habits.models import Complaint, Opinion, Use

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def use(person: Person, *, at: datetime = AT) -> Use:
    """A day on which somebody used the diary."""
    actions.note_use(person, "diary", now=at)
    return Use.objects.get(person=person, service="diary")


def opinion(person: Person, *, at: datetime = AT) -> Opinion:
    """What somebody wishes of messages."""
    return actions.note_opinion(person, "messages", wish="more", score=2, by="person", now=at)


def complaint(person: Person, *, at: datetime = AT) -> Complaint:
    """Somebody is not content with messages."""
    return actions.complain(person, "messages", "They come late.", by="person", now=at)
