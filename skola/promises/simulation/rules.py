"""The answer of a simulation as values, and the months it is told by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo

LONGEST = 12
"""Years that a simulation looks ahead at most: longer than most terms, and still to be read."""
HOLD = "hold"
"""Stands where the name of a floor would: a legal hold keeps the part."""


@dataclass(frozen=True)
class Months:
    """Whole months of the tenant's zone, the first of them the one that ``now`` is in."""

    now: datetime
    starts: tuple[datetime, ...]
    """The first moment of each month; that of the first may have passed."""
    until: datetime
    """The first moment after the last month."""
    days: tuple[date, ...]
    """The first day of each month."""

    def __len__(self) -> int:
        return len(self.starts)

    def index(self, moment: datetime) -> int | None:
        """Return in which month a moment lies; None before the first and after the last."""
        if not self.starts[0] <= moment < self.until:
            return None
        return sum(start <= moment for start in self.starts) - 1


def months_from(now: datetime, number: int, zone: tzinfo) -> Months:
    """Return ``number`` months of ``zone``, beginning with the one that ``now`` is in."""
    today = now.astimezone(zone).date()
    first = today.year * 12 + today.month - 1
    days = [date((first + n) // 12, (first + n) % 12 + 1, 1) for n in range(number + 1)]
    starts = [datetime.combine(day, time(), zone) for day in days]
    return Months(now, tuple(starts[:-1]), starts[-1], tuple(days[:-1]))


@dataclass(frozen=True)
class Going:
    """Parts of one category in one table that go by one rule in one month.

    ``earlier``, ``later`` and ``never`` are those of ``before`` that go at another moment under the
    changed policy, or get no end at all; ``ended`` are those of ``after`` that had none before.
    """

    table: str
    category: str
    rule: str
    month: int | None
    """Which of the months; None where it is later than all of them."""
    before: int = 0
    """Parts that go so under the policy in force."""
    after: int = 0
    """Parts that go so under the changed one."""
    earlier: int = 0
    later: int = 0
    never: int = 0
    ended: int = 0

    @property
    def order(self) -> tuple[str, str, str, bool, int]:
        """By table, category, rule and month; what is later than all months comes last."""
        return self.table, self.category, self.rule, self.month is None, self.month or 0


@dataclass(frozen=True)
class Side:
    """Parts that are stuck under one of the two policies: how many at the end of each month."""

    parts: int
    """Parts that are stuck at any time."""
    months: tuple[int, ...]
    until: datetime | None
    """When the last of them goes; None where one has no end, or where there is none."""
    endless: int
    """Parts for which no end of the floor is known."""


@dataclass(frozen=True)
class Stuck:
    """Parts that a ceiling would end and a floor still keeps: which floor behind which ceiling."""

    table: str
    category: str
    ceiling: str
    floor: str
    """The floor, a rule or a purpose, that keeps them to the last; or ``HOLD``."""
    before: Side
    after: Side


@dataclass(frozen=True)
class Held:
    """One category in one table: how much of it there is, and how much has no end."""

    table: str
    category: str
    parts: int
    differing: int
    """Parts that go at another moment under the changed policy."""
    endless_before: int
    endless_after: int
    on_hold_before: int
    """Parts that a legal hold keeps beyond their term."""
    on_hold_after: int


@dataclass(frozen=True)
class Telling:
    """Who has to be told of the change, how, and from when it may bind."""

    binds_at: datetime
    """From when the simulation applies the changed policy."""
    asked_for: datetime
    """What the file says."""
    earliest: datetime
    """From when it may bind at the earliest, were it published now."""
    notice: str
    """The notice that [change] promises, as the policy says it."""
    channels: tuple[str, ...]
    """Where the change is told: ``site``, ``account``, ``email``, ``sms``."""
    accounts: int
    """People with an open account: they read it there, and get the mail where there is one."""
    concerned: int
    """People of whom at least one part goes at another moment."""
    unreached: int
    """Of these, people without an account: the site alone tells them."""


@dataclass(frozen=True)
class Simulation:
    """What goes, what is stuck and what stays, under the policy in force and under a changed one.

    It assumes that nothing further happens: no new row, no event, no state that begins or ends,
    save that an account which goes is closed by that.
    """

    months: Months
    version: str
    """Of the policy in force."""
    going: tuple[Going, ...]
    stuck: tuple[Stuck, ...]
    held: tuple[Held, ...]
    telling: Telling
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    """The names that the policies give their rules and purposes, by language."""

    @property
    def parts(self) -> int:
        return sum(one.parts for one in self.held)

    @property
    def differing(self) -> int:
        """Parts that go at another moment."""
        return sum(one.differing for one in self.held)

    @property
    def earlier(self) -> int:
        return sum(one.earlier for one in self.going)

    @property
    def later(self) -> int:
        return sum(one.later for one in self.going)

    @property
    def never(self) -> int:
        return sum(one.never for one in self.going)

    @property
    def ended(self) -> int:
        return sum(one.ended for one in self.going)

    def series(self, rule: str = "") -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return how many go in each month under both policies; of one rule, or of all."""
        rows = [one for one in self.going if rule in ("", one.rule)]
        return _series(rows, "before", len(self.months)), _series(rows, "after", len(self.months))

    def stuck_series(self, rule: str = "") -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return how many are stuck at the end of each month; behind one ceiling, or all."""
        rows = [one for one in self.stuck if rule in ("", one.ceiling)]
        none = (0,) * len(self.months)
        return (
            _add([one.before.months for one in rows], none),
            _add([one.after.months for one in rows], none),
        )

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules by which anything goes, those that change most first."""
        weight: dict[str, tuple[int, int]] = {}
        for one in self.going:
            moved, all_ = weight.get(one.rule, (0, 0))
            moved += one.earlier + one.later + one.never + one.ended
            weight[one.rule] = (moved, all_ + one.before + one.after)
        return tuple(sorted(weight, key=lambda rule: (*(-n for n in weight[rule]), rule)))


def _series(rows: Iterable[Going], name: str, number: int) -> tuple[int, ...]:
    counts = [0] * number
    for row in rows:
        if row.month is not None:
            counts[row.month] += getattr(row, name)
    return tuple(counts)


def _add(rows: Sequence[tuple[int, ...]], none: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*rows, strict=True)) if rows else none
