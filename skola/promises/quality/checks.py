"""The register of checks: each room says what may be wrong with what it holds, and how to see it.

check(Check("pupils.parent", _("Pupil without a parent"), _("Link one …"), find=without_parent))
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True)
class Found:
    """One thing that a check found."""

    person: UUID
    other: UUID | None = None
    """Who may be the same person."""
    said: str = ""
    """What exactly is wrong, where there is more to say than the check's name."""
    place: UUID | None = None
    """The school whose task it is; where it is not said it is that of the person, if any."""
    since: datetime | None = None
    """When it became so: what was found right before that is looked at again."""


Finds = Callable[[datetime], Iterable[Found]]
Places = Callable[[Iterable[UUID], datetime], Mapping[UUID, UUID]]


@dataclass(frozen=True)
class Check:
    """Something that may be wrong with the data."""

    id: str
    title: str | Promise
    advice: str | Promise
    """What whoever has the task does about it."""
    find: Finds
    by_contact: bool = False
    """Whether another e-mail address or phone puts it right."""
    for_person: str | Promise = ""
    """What the person is told at home, where they can put it right themselves."""
    where: str = ""
    """The name of the page on which they do."""
    applies: Callable[[datetime], bool] = lambda _now: True


_checks: dict[str, Check] = {}
_places: list[Places] = []


def check(one: Check) -> None:
    """Let a check be part of every run; the same id stands for itself once."""
    _checks[one.id] = one


def placed_by(places: Places) -> Places:
    """Let a room say which people belong to which school."""
    _places.append(places)
    return places


def checks_at(now: datetime) -> list[Check]:
    """Return the checks that concern the speaking tenant, in the order of their ids."""
    return [one for _id, one in sorted(_checks.items()) if one.applies(now)]


def check_of(id_: str) -> Check | None:
    """Return a check by its id; None where no room has it any more."""
    return _checks.get(id_)


def places_of(people: Iterable[UUID], now: datetime) -> dict[UUID, UUID]:
    """Return to which school each of these people belongs, of those that belong to one."""
    wanted, found = set(people), dict[UUID, UUID]()
    for places in _places:
        found |= places(wanted, now)
    return found
