"""What waits for somebody on their first page: things to tell, and rows that may hold some."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
Thing = tuple[str, str, str, str, bool]
"""A title, why it matters, where it is done, the words of the button, and whether it is urgent."""


@dataclass(frozen=True)
class Waiting(Generic[M]):
    """Rows that may wait for somebody, and how they are told where there are any.

    Rooms hand out many of these, and the first page asks for all of them at once: a room in which
    nothing waits costs no question of its own.
    """

    rows: QuerySet[M]
    tell: Callable[[QuerySet[M]], Iterable[Thing]]
    """Called with the rows only where one of them is there."""
    otherwise: Sequence[Thing] = ()
    """What is told where none is."""


Told = Thing | Waiting[Any]
