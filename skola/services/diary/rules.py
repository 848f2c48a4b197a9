"""Decisions of the diary: scales, absences, notes, who may still see. Days are the tenant's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

SCALES: dict[str, tuple[str, ...]] = {
    "1-5": ("5", "4", "3", "2", "1"),
    "passing": ("A", "MA"),
}
"""Marks of the Estonian national curricula, the best first: five to one; passed, not passed.

Source: national curricula for basic schools and for upper secondary schools (2011).
"""

TYPING = timedelta(minutes=15)
"""For so long after it was given a mark can be put right without a reason: it was mistyped."""
LONGEST_NOTE = timedelta(days=31)
LATE_AT_MOST = 45
BULK = 60
"""Who opens the pages of more pupils than this on one day is shown to the school."""


class Was(StrEnum):
    """Whether a pupil was there."""

    PRESENT = "present"
    ABSENT = "absent"
    LATE = "late"


def after_tap(was: str) -> Was:
    """Return what another tap on a pupil makes: present, absent, late, present."""
    return {Was.PRESENT: Was.ABSENT, Was.ABSENT: Was.LATE, Was.LATE: Was.PRESENT}[Was(was)]


def minutes_late(begins_at: datetime, now: datetime) -> int:
    """Return how late somebody is who comes now: 1 to 45 minutes, 5 when nobody can tell.

    Before the bell, or when the lesson is long over, the clock knows nothing.
    """
    minutes = int((now - begins_at).total_seconds() // 60)
    return minutes if 1 <= minutes <= LATE_AT_MOST else 5


def read_mark(scale: str, typed: str) -> str | None:
    """Return a mark as the scale writes it, an empty text for none, None for what is no mark."""
    wanted = typed.strip().upper()
    return wanted if wanted in ("", *SCALES[scale]) else None


def mean(scale: str, values: Iterable[str]) -> str:
    """Return the mean of marks to one decimal, as a text; empty where a scale has none.

    Halves are rounded up, as schools do: 4.25 is 4.3.
    """
    numbers = [int(value) for value in values if value.isdigit()] if scale == "1-5" else []
    if not numbers:
        return ""
    tenths = int(Fraction(sum(numbers) * 10, len(numbers)) + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


def needs_reason(before: str, given_at: datetime, now: datetime) -> bool:
    """Whether a mark that stands can be changed only with a reason."""
    return bool(before) and now - given_at > TYPING


@dataclass(frozen=True)
class Span:
    """Days on which a note says that a pupil is away; both ends count."""

    first_on: date
    last_on: date
    is_confirmed: bool


class Explained(StrEnum):
    """Whether an absence is explained."""

    YES = "yes"
    WAITING = "waiting"
    NO = "no"


def explained(on: date, spans: Iterable[Span]) -> Explained:
    """Say whether an absence on a day is explained by a confirmed note, or by one that waits."""
    covering = [one for one in spans if one.first_on <= on <= one.last_on]
    if any(one.is_confirmed for one in covering):
        return Explained.YES
    return Explained.WAITING if covering else Explained.NO


class NoteFault(StrEnum):
    """What is wrong with the days of an absence note."""

    NONE = ""
    BACKWARDS = "backwards"
    TOO_LONG = "too-long"
    TOO_OLD = "too-old"


def note_fault(first_on: date, last_on: date, today: date) -> NoteFault:
    """Say what is wrong with the days of a note that is sent today."""
    if last_on < first_on:
        return NoteFault.BACKWARDS
    if last_on - first_on > LONGEST_NOTE:
        return NoteFault.TOO_LONG
    return NoteFault.TOO_OLD if today - first_on > LONGEST_NOTE else NoteFault.NONE


def birthday(birth_on: date, age: int) -> date:
    """Return the day on which somebody is ``age`` years old.

    Who was born on 29 February is so on 1 March of a year that lacks the day.
    """
    try:
        return birth_on.replace(year=birth_on.year + age)
    except ValueError:
        return date(birth_on.year + age, 3, 1)


def guardian_sees(
    *, birth_on: date | None, until_age: int | None, is_allowed: bool, today: date
) -> bool:
    """Whether a confirmed guardian still sees the child (ekool-1.4-parent).

    ``until_age`` is what the policy says; without it, or without a known birthday, links end only
    when somebody ends them. A grown-up child may let the guardian go on.
    """
    if until_age is None or birth_on is None or is_allowed:
        return True
    return today < birthday(birth_on, until_age)


def days_shown(today: date, count: int = 5) -> list[date]:
    """Return the next ``count`` working days from today on, weekends left out."""
    found: list[date] = []
    day = today
    while len(found) < count:
        if day.isoweekday() <= 5:
            found.append(day)
        day += timedelta(days=1)
    return found


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.isoweekday() - 1)


def next_lesson_day(weekdays: Sequence[int], after: date) -> date | None:
    """Return the next day after ``after`` on which a group has a lesson; None without lessons."""
    for ahead in range(1, 8):
        day = after + timedelta(days=ahead)
        if day.isoweekday() in weekdays:
            return day
    return None
