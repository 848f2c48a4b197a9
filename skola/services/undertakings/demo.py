"""Undertakings of the demo: everybody of the staff has signed."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from skola.ground.people.api import Person
from skola.services.undertakings import actions, queries


def populate(_service: str, _people: Sequence[Person], _chance: Random, now: datetime) -> None:
    """Let the staff of the speaking tenant sign, where its policy asks for it."""
    holders = queries.roles_that_ask(now).values("person")
    for person in Person.objects.filter(pk__in=holders):
        actions.sign(person, person.name, language=person.language, by="skola demo", now=now)
