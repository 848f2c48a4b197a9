"""An entrance under cameras for the demo, with footage of the last days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.premises import actions
from skola.services.premises.queries import CAPABILITY


def populate(_service: str, _people: Sequence[Person], _chance: Random, now: datetime) -> None:
    """Add a camera area to the speaking tenant, where its policy has them."""
    if not has(CAPABILITY, now=now):
        return
    place = actions.Place("Office", "Entrance", 2, "officer")
    area = actions.register_area(place, by="skola demo", now=now)
    for days in (2, 9, 20):
        ends = now - timedelta(days=days)
        actions.store_footage(
            area,
            "Recorder 2, disk A",
            starts_at=ends - timedelta(hours=12),
            ends_at=ends,
            by="skola demo",
            now=now,
        )
