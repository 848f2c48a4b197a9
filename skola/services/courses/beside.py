"""What rooms that lie above say beside a course, on its page."""

from collections.abc import Callable
from datetime import datetime

from skola.ground.people.api import Person
from skola.services.courses.models import Course

Saying = Callable[[Course, Person | None, datetime], tuple[str, str] | None]
"""Words, and a place that they lead to or nothing."""
_SAYINGS: list[Saying] = []


def say_beside(saying: Saying) -> None:
    """Let a room say something on the page of a course."""
    _SAYINGS.append(saying)


def said_beside(course: Course, person: Person | None, now: datetime) -> list[tuple[str, str]]:
    """Return what the rooms say of a course to this visitor."""
    return [said for saying in _SAYINGS if (said := saying(course, person, now))]
