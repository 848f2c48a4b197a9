"""The register of points at which the software decides: each room says what it decides there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skola.promises.decisions.models import Decision

Said = Callable[[], str]
"""Words in the language of the page."""
Carry = Callable[["Decision", str, datetime], None]
"""Do what a result means: the decision with its result, who acts, and when. May run again."""


@dataclass(frozen=True)
class Point:
    """A point at which the software decides about somebody; the policy names it, too."""

    id: str
    version: str
    """Of the rule: kept with each decision."""
    logic: Said
    """How it is decided, in plain words."""
    inputs: Mapping[str, Said]
    results: Mapping[str, Said]
    lost: Said
    """What is no longer to be had once somebody objected, in plain words."""
    carry_out: Carry


_points: dict[str, Point] = {}


def register(point: Point) -> None:
    """Let the software decide at this point."""
    _points[point.id] = point


def point(name: str) -> Point:
    """Return a point. Raises KeyError for one that no room registered."""
    return _points[name]


def all_points() -> tuple[Point, ...]:
    """Return every point that is registered, by id."""
    return tuple(_points[name] for name in sorted(_points))
