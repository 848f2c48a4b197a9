"""What a sweep did or would do, as values and as lines of text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, order=True)
class Line:
    """How many parts of one category in one table went by one rule."""

    table: str
    category: str
    rule: str
    clauses: tuple[str, ...]
    count: int
    oldest: datetime
    """The earliest moment at which one of them was due."""


@dataclass(frozen=True, order=True)
class Refused:
    """A rule that the breaker stopped."""

    rule: str
    due: int
    """How many parts are due by it."""
    allowed: int
    """How many it might still erase on this day."""
    foreseen: int


@dataclass(frozen=True, order=True)
class Overdue:
    """How many parts are due by a rule and still there, and since when."""

    rule: str
    count: int
    since: datetime


@dataclass(frozen=True)
class SweepReport:
    """The outcome of one sweep of one tenant."""

    swept_at: datetime
    version: str
    """Of the policy that was executed."""
    lines: tuple[Line, ...]
    expired: int = 0
    """Sessions and similar rows of libraries that ended by themselves."""
    removed: int = 0
    """Emptied rows that nothing needs any more."""
    refused: tuple[Refused, ...] = ()
    overdue: tuple[Overdue, ...] = ()
    """What is due after the sweep."""

    @property
    def erased(self) -> int:
        return sum(line.count for line in self.lines)


def merge(lines: list[Line]) -> tuple[Line, ...]:
    """Add up the batches: one line per table, category and rule."""
    sums: dict[tuple[str, str, str], Line] = {}
    for line in lines:
        same = (line.table, line.category, line.rule)
        known = sums.get(same)
        if known is not None:
            oldest = min(known.oldest, line.oldest)
            count = known.count + line.count
            line = Line(line.table, line.category, line.rule, line.clauses, count, oldest)
        sums[same] = line
    return tuple(sorted(sums.values()))
