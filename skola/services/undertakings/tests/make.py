"""Makers of undertakings for tests."""

from datetime import UTC, datetime

from skola.ground.people.models import Person
from skola.services.undertakings.models import Undertaking

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def undertaking(person: Person, *, version: str = "1", at: datetime = A_DAY) -> Undertaking:
    """What somebody has signed, under whatever policy."""
    return Undertaking.objects.create(
        person=person,
        name=person.name,
        version=version,
        wording="I keep to myself what I learn of people here.",
        language="en",
        signed_at=at,
    )
