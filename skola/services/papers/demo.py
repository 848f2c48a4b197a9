"""A few papers of the demo: application forms in a cabinet."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.papers.actions import Filed, file_paper
from skola.services.papers.queries import CAPABILITY


def populate(_service: str, people: Sequence[Person], chance: Random, now: datetime) -> None:
    """Add papers to the speaking tenant, where its policy has them."""
    if not has(CAPABILITY, now=now):
        return
    for number, person in enumerate(chance.sample(list(people), min(4, len(people)))):
        told = Filed(
            "Application form", "in-person", now.date(), f"Office 2, cabinet 3, folder {number + 1}"
        )
        file_paper(person, told, by="skola demo", now=now)
