"""Works of the demo: some that are planned for next week, told to who holds the service."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.upkeep import actions
from skola.services.upkeep.queries import CAPABILITY


def populate(_service: str, _people: Sequence[Person], _chance: Random, now: datetime) -> None:
    """Add planned works to the speaking tenant, where its policy has them."""
    if not has(CAPABILITY, now=now):
        return
    begins = (now + timedelta(days=6)).replace(hour=3, minute=0, second=0, microsecond=0)
    told = actions.Planned(
        "planned",
        "The server is renewed. You can sign in again afterwards; nothing is lost.",
        begins,
        begins + timedelta(hours=2),
    )
    made = actions.record_works(told, by="skola demo", now=now)
    actions.tell_later(made, by="skola demo", now=now)
    actions.tell(made.pk, now=now)
