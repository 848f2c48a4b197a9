"""Makers of camera areas for tests."""

from datetime import UTC, datetime, timedelta

from skola.ground.people.api import Person
from skola.services.premises.models import Area, Footage

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def area(name: str = "Entrance", *, at: datetime = AT) -> Area:
    """An entrance with two cameras."""
    return Area.objects.create(
        site="Office in Riga", name=name, cameras=2, viewers="officer", since_at=at
    )


def footage(of: Area, person: Person | None = None, *, at: datetime = AT) -> Footage:
    """An hour of footage that ends at a moment."""
    return Footage.objects.create(
        area=of, person=person, starts_at=at - timedelta(hours=1), ends_at=at, medium="Recorder 2"
    )
