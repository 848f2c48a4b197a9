"""Makers of visits and interests for tests."""

from datetime import UTC, datetime

from skola.ground.people.models import Person
from skola.services.visits.models import Interest, PageRead

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def page_read(person: Person, page: str = "/courses/", *, at: datetime = AT) -> PageRead:
    """A page in somebody's own record."""
    return PageRead.objects.create(person=person, page=page, opened_at=at)


def interest(person: Person, label: str = "First aid at work", *, at: datetime = AT) -> Interest:
    """A course that somebody looked at while signed in."""
    return Interest.objects.create(person=person, topic="first-aid", label=label, first_at=at)
