"""The door of ``origins``."""

from skola.ground.people.api import Person
from skola.promises.origins.actions import note
from skola.promises.origins.models import Origin

__all__ = ["Origin", "note", "of"]


def of(person: Person) -> list[Origin]:
    """Return from where the data of somebody are, newest first."""
    return list(Origin.objects.filter(person=person).order_by("-at", "-pk")[:50])
