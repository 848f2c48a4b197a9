"""Decisions about fees: which period, which rate, what is left of one. Money is whole cents."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

A_DAY = timedelta(days=1)
AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Step:
    """A step of a tariff: from so many pupils on, one costs this much, without tax."""

    from_pupils: int
    unit_cents: int


@dataclass(frozen=True)
class Period:
    """A paid period, both days included."""

    from_on: date
    until_on: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until_on - self.from_on).days + 1


def unit_price(steps: Sequence[Step], pupils: int) -> int:
    """Return what one costs, in cents without tax, for a school of so many pupils.

    The step that the whole school has reached holds for each of its pupils. Below the first step
    its price holds. Source: ekool-4.2.2-perform.
    """
    reached = [step for step in steps if step.from_pupils <= pupils]
    if reached:
        return max(reached, key=lambda step: step.from_pupils).unit_cents
    return min(steps, key=lambda step: step.from_pupils).unit_cents


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later; where that month lacks it, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def periods(first: date, months: int, until: date) -> Iterator[Period]:
    """Yield the periods that have begun by ``until``, the first one first.

    Each is counted from the first day of all, so that one begun on the 31st stays at the end of
    its months.
    """
    number = 0
    while (begin := months_later(first, number * months)) <= until:
        number += 1
        yield Period(begin, months_later(first, number * months) - A_DAY)


def unused_cents(cents: int, period: Period, last_on: date) -> int:
    """Return how much of what was paid for a period falls on the days after ``last_on``.

    Day by day, half a cent up; nothing once the period is over, all of it before it began.
    """
    left = min(max((period.until_on - last_on).days, 0), period.days)
    share = Decimal(cents) * left / period.days
    return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))
