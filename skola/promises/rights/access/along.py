"""What rooms add to the file that a person takes along, each in the open format of its trade.

The records themselves are in it anyway, from their declarations; what is added here another service
can read without knowing this software: learning records as xAPI, certificates as Open Badges.
Clause: ilearn-23.f.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from skola.ground.people.api import Person

Entries = Callable[[Person, datetime], Iterable[tuple[str, bytes]]]
"""Gives paths inside of the archive with their content."""


@dataclass(frozen=True)
class Along:
    """What one room adds, and the category of which it is."""

    category: str
    entries: Entries


_added: list[Along] = []


def take_along(category: str, entries: Entries) -> None:
    """Add something to the file to take along, where the category belongs to it (GDPR Art. 20)."""
    _added.append(Along(category, entries))


def added() -> tuple[Along, ...]:
    """Return what rooms add."""
    return tuple(_added)


def profile_of(person: Person) -> dict[str, Any]:
    """Return who somebody is, as other services ask for it at registration."""
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_on": person.birth_on.isoformat() if person.birth_on else None,
        "email": person.email,
        "phone": person.phone,
        "address": person.address,
    }
