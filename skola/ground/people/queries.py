"""Reads about people that more than one room needs."""

from datetime import datetime
from uuid import UUID

from skola.ground.people.models import Person, Role, role_filter


def holds(
    person: Person | None, kind: str, *, now: datetime, scope: str = "", scope_id: UUID | None = None
) -> bool:
    """Whether ``person`` holds the role now, for the whole tenant or for the thing named."""
    if person is None:
        return False
    wanted = role_filter(kind, scope, scope_id)
    return Role.objects.filter(wanted, person=person).held_at(now).exists()


def kinds_of(person: Person, *, now: datetime) -> frozenset[str]:
    """Return every kind of role that ``person`` holds now, whatever it is for."""
    held = Role.objects.filter(person=person).held_at(now)
    return frozenset(held.values_list("kind", flat=True))
