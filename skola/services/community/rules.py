"""Decisions about posts: whom a place is for, and who is one of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Side(StrEnum):
    """As what somebody belongs to a school."""

    PUPILS = "pupils"
    PARENTS = "parents"
    STAFF = "staff"


@dataclass(frozen=True)
class Place:
    """What a place for posts is for: a school, one of its classes, or a class in one subject."""

    school: UUID
    school_class: UUID | None = None
    group: UUID | None = None


@dataclass(frozen=True)
class Belongs:
    """Where somebody belongs as a pupil, as a parent, or as staff."""

    schools: frozenset[UUID] = frozenset()
    classes: frozenset[UUID] = frozenset()
    """Classes that they belong to as a whole: a pupil's, a form teacher's."""
    taught: frozenset[UUID] = frozenset()
    """Classes in which they teach some subject: they read what is for the class."""
    groups: frozenset[UUID] = frozenset()
    """The groups they teach; what is for another subject of the class is not theirs."""


@dataclass(frozen=True)
class Hats:
    """All that somebody is to schools; a teacher may be a parent, too."""

    sides: dict[Side, Belongs] = field(default_factory=dict)
    runs: frozenset[UUID] = frozenset()
    """Schools that they administer."""


def is_there(belongs: Belongs, place: Place) -> bool:
    """Whether who belongs so is one of those a place is for."""
    if place.group is not None:
        return place.group in belongs.groups or place.school_class in belongs.classes
    if place.school_class is not None:
        return place.school_class in belongs.classes | belongs.taught
    return place.school in belongs.schools


def may(hats: Hats, place: Place, sides: Iterable[str]) -> bool:
    """Whether somebody is among the ``sides`` that a school designated for a place.

    Used for readers and for writers alike (ekool-8.5-posts).
    """
    return any(is_there(hats.sides.get(Side(side), Belongs()), place) for side in sides)


def ordered(sides: Iterable[str]) -> list[str]:
    """Return sides once each, in the order of the list."""
    wanted = set(sides)
    return [side.value for side in Side if side in wanted]
