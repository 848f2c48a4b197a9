"""The logo of an academy: a picture that every visitor of its pages may see."""

from datetime import datetime

from skola.ground.files.api import Family, Kind, StoredFile, register
from skola.ground.people.api import Person
from skola.services.academies.models import Brand

LOGO = "academies.logo"
LARGEST = 2_000_000


def register_kinds() -> None:
    """Make the kind known to the files' room; called when the application starts."""
    register(Kind(LOGO, frozenset({Family.PICTURE}), LARGEST, may_open))


def may_open(person: Person | None, stored: StoredFile, now: datetime) -> bool:
    """The logo in use is public."""
    return Brand.objects.filter(logo_id=stored.pk).exists()
