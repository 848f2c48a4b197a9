"""Makers of live lessons for tests."""

from datetime import UTC, datetime

from skola.ground.people.models import Person
from skola.services.groups.tests import make as groups
from skola.services.live.models import Line

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def line(person: Person, words: str = "Which account is that?", *, at: datetime = AT) -> Line:
    """Something said in a meeting of a group of its own."""
    meeting = groups.meeting(groups.run(at=at))
    return Line.objects.create(meeting=meeting, person=person, words=words, said_at=at)
