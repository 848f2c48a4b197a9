"""What happened between the academies of the demo and their operator."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.academies.actions.visiting import let_in, look


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """In an academy the operator was let in once, some months ago, and looked three times."""
    if not has("academy.own", now=now) or len(people) < 3:
        return
    begun = now - timedelta(days=97)
    let_in(
        reason="En lista som inte gick att läsa in",
        span=timedelta(days=1),
        person=people[0],
        by="skola demo",
        now=begun,
    )
    staff = f"{random.getrandbits(160):040x}"
    for minutes, one in ((12, None), (14, people[1].pk), (19, people[2].pk)):
        look(staff, at=one, now=begun + timedelta(minutes=minutes))
