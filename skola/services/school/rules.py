"""Decisions about a school's time: bells, timetable, substitutions. Times are the school's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class Scale(StrEnum):
    """How a subject is marked; it belongs to the curriculum, not to the teacher."""

    FIVE = "1-5"
    PASSING = "passing"


class What(StrEnum):
    """What becomes of a lesson of the timetable on one day."""

    PLANNED = "planned"
    CHANGED = "changed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Regular:
    """A lesson as the timetable has it every week, with its bell."""

    slot: UUID
    group: UUID
    number: int
    begins: time
    ends: time
    room: str
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True)
class Differs:
    """What is different on one day: cancelled, another room, another teacher."""

    is_cancelled: bool
    room: str = ""
    teacher: UUID | None = None


@dataclass(frozen=True)
class Planned:
    """A lesson of one day as it will be, with what it would have been."""

    regular: Regular
    on: date
    what: What
    room: str
    teacher: UUID | None
    """Who stands in; None where the teachers of the group teach."""


def runs_on(regular: Regular, on: date) -> bool:
    """Whether the timetable has this lesson on that day; the last day of its validity counts."""
    return regular.from_on <= on and (regular.until_on is None or on <= regular.until_on)


def plan(regulars: Iterable[Regular], differs: Mapping[UUID, Differs], on: date) -> list[Planned]:
    """Return the lessons of a day in the order of their bells; ``differs`` is by slot."""
    found = []
    for regular in regulars:
        if not runs_on(regular, on):
            continue
        other = differs.get(regular.slot)
        room, teacher, what = regular.room, None, What.PLANNED
        if other is not None:
            what = What.CANCELLED if other.is_cancelled else What.CHANGED
            room, teacher = other.room or regular.room, other.teacher
        found.append(Planned(regular, on, what, room, teacher))
    return sorted(found, key=lambda one: (one.regular.begins, one.regular.number))


def moment(on: date, at: time, zone: ZoneInfo) -> datetime:
    """Return a wall clock time of a day as a moment in UTC."""
    return datetime.combine(on, at, zone).astimezone(UTC)


def clashes(room: str, begins: time, ends: time, others: Iterable[Planned]) -> list[Planned]:
    """Return the lessons that need the same room at the same time; no room clashes with none."""
    return [
        other
        for other in others
        if room
        and other.room == room
        and other.what != What.CANCELLED
        and other.regular.begins < ends
        and begins < other.regular.ends
    ]


EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
"""Days between which a school keeps a diary."""


def read_day(text: str) -> date | None:
    """Return the day that ``2026-03-02`` names, from 2000 to 2199; None for anything else.

    Beyond those years no school keeps a diary, and a calendar ends: the day after must exist too.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def school_year(today: date) -> tuple[date, date]:
    """Return the first and last day of the school year of ``today``: September to August."""
    first = today.year if today.month >= 9 else today.year - 1
    return date(first, 9, 1), date(first + 1, 8, 31)
