"""What rooms that lie above say beside a course, on its page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from skola.ground.people.api import Person
from skola.services.courses.models import Course


@dataclass(frozen=True)
class Said:
    """Words, the place that they lead to or nothing, and the icon before them."""

    words: str
    place: str
    icon: str


Saying = Callable[[Course, Person | None, datetime], Iterable[Said]]
"""What a room says of a course to a visitor, who need not take it."""
_SAYINGS: list[Saying] = []


def say_beside(saying: Saying) -> None:
    """Let a room say something on the page of a course."""
    _SAYINGS.append(saying)


def said_beside(course: Course, person: Person | None, now: datetime) -> list[Said]:
    """Return what the rooms say of a course to this visitor."""
    return [said for saying in _SAYINGS for said in saying(course, person, now)]
