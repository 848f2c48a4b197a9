"""The door of ``origins``."""

from skola.ground.people.api import Person
from skola.promises.origins.actions import is_noted, note
from skola.promises.origins.models import Origin

__all__ = ["Origin", "is_noted", "note", "of"]


def of(person: Person) -> list[Origin]:
    """Return from where the data of somebody are, newest first."""
    return list(Origin.objects.filter(person=person).order_by("-at", "-pk")[:50])
