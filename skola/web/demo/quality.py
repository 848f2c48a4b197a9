"""Faults in the data, invented: a mail that came back, somebody who is there twice; then a run."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from skola.ground.people.api import Person
from skola.promises.quality import api as quality


def populate(people: Sequence[Person], now: datetime) -> None:
    """Add them to the speaking tenant, where its policy says that data are looked through."""
    if not quality.is_promised(now) or len(people) < 40:
        return
    moved, twice = people[-1], people[-2]
    quality.Bounce.objects.create(
        person=moved,
        address=moved.email.lower(),
        status="5.1.1",
        said="550 5.1.1 User unknown",
        at=now - timedelta(days=3),
    )
    Person.objects.create(
        given_name=twice.given_name,
        family_name=twice.family_name,
        email=twice.email,
        language=twice.language,
        source="application",
        created_at=now - timedelta(days=40),
    )
    quality.run(by="skola demo", now=now - timedelta(days=1))
