"""What customers of the invented past said: one is shown, one waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.testimonials import actions
from skola.services.testimonials.actions import Words
from skola.services.testimonials.queries import CAPABILITY

SAID = (
    ("I did it in the evenings, at my own pace, and passed at the first try.", "accountant"),
    ("The exercises are short enough for a bus ride.", "nurse"),
)


def populate(_service: str, people: Sequence[Person], chance: Random, now: datetime) -> None:
    """Add two testimonials to the speaking tenant, where its policy has them."""
    if not has(CAPABILITY, now=now):
        return
    active = [one for one in people if one.status == "active" and one.birth_on is None] or list(
        people
    )
    for number, (person, (text, title)) in enumerate(
        zip(chance.sample(active, 2), SAID, strict=True)
    ):
        at = max(person.created_at, now - timedelta(days=60 - number))
        made = actions.write(person, Words(text, person.name, title), by="skola demo", now=at)
        if number == 0:
            actions.publish(made, by="skola demo", now=at)
