"""The picture of a landing page: for every visitor once the page is public, before for staff."""

from datetime import datetime

from skola.ground.files.api import Family, Kind, StoredFile, register
from skola.ground.people.api import Person, Role
from skola.services.shop.models import Landing

PICTURE = "shop.landing"
LARGEST = 10_000_000


def register_kinds() -> None:
    """Make the kind known to the files' room; called when the application starts."""
    register(Kind(PICTURE, frozenset({Family.PICTURE}), LARGEST, may_open))


def may_open(person: Person | None, stored: StoredFile, now: datetime) -> bool:
    """What visitors may not see yet, the office may."""
    found = Landing.objects.filter(picture_id=stored.pk)
    if found.filter(is_public=True).exists():
        return True
    office = ("finance", "administrator")
    held = Role.objects.held_at(now).filter(person=person, kind__in=office)
    return person is not None and held.exists() and found.exists()
