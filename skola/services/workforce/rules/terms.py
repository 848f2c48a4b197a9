"""When a training is due, how it stands, and the facts of the sentence that explains it."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")
SOON = timedelta(days=30)
"""What is due within it is shown as coming up."""


class Cause(StrEnum):
    """Since when a training is required of somebody."""

    POSITION = "position"
    """They took the position that needs it."""
    HIRED = "hired"
    """They began to work in a company where everybody needs it."""
    RULE = "rule"
    """The requirement was laid down while they held the position."""
    EDITION = "edition"
    """The text changed in a way that has to be read again."""


class Standing(StrEnum):
    """How a training of somebody stands on a day. A word and a shape say it on every page."""

    OVERDUE = "overdue"
    TO_DO = "to-do"
    """Never done, or to be done again, and its day has not passed."""
    SOON = "soon"
    """Done and valid, but not for more than 30 days."""
    VALID = "valid"


@dataclass(frozen=True)
class Need:
    """What is required: within ``days`` days, and again every ``months`` months (None: once)."""

    days: int
    months: int | None


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month; where that month lacks the day, its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def counts(done_on: date | None, since_on: date) -> bool:
    """Whether what was done still answers what is required since ``since_on``."""
    return done_on is not None and done_on >= since_on


def due_on(need: Need, *, since_on: date, done_on: date | None) -> date | None:
    """Return the last day on which the training may be done, or None: it was done for good.

    Counted from ``since_on`` while it was not done since then, else from the day it was done. All
    are days of the tenant's time zone. Source: ema-2.1-work, ema-2.1.9.
    """
    if done_on is not None and counts(done_on, since_on):
        return None if need.months is None else months_later(done_on, need.months)
    return since_on + timedelta(days=need.days)


def standing(*, due: date | None, since_on: date, done_on: date | None, today: date) -> Standing:
    """Return how it stands on ``today``; on the due day itself it is not overdue."""
    if due is not None and due < today:
        return Standing.OVERDUE
    if not counts(done_on, since_on):
        return Standing.TO_DO
    return Standing.SOON if due is not None and due - today <= SOON else Standing.VALID


def strictest(needs: Iterable[tuple[Need, T]]) -> T:
    """Return what belongs to the need that comes round most often, then the one due first."""
    return min(needs, key=lambda pair: (pair[0].months or 1_200, pair[0].days))[1]


def since(
    *, everybody: bool, held_since: date, hired_on: date, required_since: date
) -> tuple[Cause, date]:
    """Return why a training is required of somebody, and from which day its term is counted.

    From the day they took the position (or were hired, where everybody needs it), or from the day
    the requirement was laid down, whichever is later.
    """
    begun = hired_on if everybody else held_since
    if required_since > begun:
        return Cause.RULE, required_since
    return (Cause.HIRED if everybody else Cause.POSITION), begun
