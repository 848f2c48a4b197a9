"""Periods and the days they end on: ``"14 days"``, ``"30 working days"``, ``"10 years"``.

One function, ``due``, says when every term of a policy ends; another, ``deadline``, says by when
somebody must act. Counting follows Regulation (EEC, Euratom) No 1182/71, in the tenant's time zone.
"""

import json
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo


class Unit(StrEnum):
    """What a period counts."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Word(StrEnum):
    """What stands where a period could stand."""

    AT_ONCE = "at once"
    SESSION = "session"
    FROM_PUBLICATION = "from publication"
    LAW = "law"


LONGEST_YEARS = 150
"""No term is longer; so no date ever leaves the calendar."""

_PERIOD = re.compile(r"([0-9]{1,6}) (minute|hour|day|working day|week|month|year)(s?)")
_NEARLY = re.compile(
    r"(?:at least |at most |up to )?([0-9]+)\s*-?\s*(working|business)?\s*([A-Za-z]+)"
)
_LITERAL = {Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1)}
_CLOCK_CHANGE = 1 / 24
_SHORTEST = {Unit.DAY: 1, Unit.WORKING_DAY: 1, Unit.WEEK: 7, Unit.YEAR: 365}
_LONGEST = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 31, Unit.YEAR: 366}
_UNIT_NAMES = ("day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours")


class BadPeriodError(ValueError):
    """A text that is not a period; the message says what is wrong and what to write."""


class OutsideCalendarError(ValueError):
    """Working days were asked for a year, or a country, that no reviewed table covers."""


@dataclass(frozen=True, slots=True)
class Period:
    """An amount and a unit. Amounts are positive."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'' if self.amount == 1 else 's'}"

    @property
    def shortest_days(self) -> float:
        """The fewest days that this period can last."""
        if self.unit in _LITERAL:
            return self.amount * _LITERAL[self.unit] / timedelta(days=1)
        if self.unit is Unit.MONTH:
            return self.amount // 12 * 365 + self.amount % 12 * 28
        return self.amount * _SHORTEST[self.unit]

    @property
    def longest_days(self) -> float:
        """The most days that this period can last."""
        if self.unit in _LITERAL:
            return self.amount * _LITERAL[self.unit] / timedelta(days=1)
        if self.unit is Unit.WORKING_DAY:
            return self.amount * 7 / 5 + 14
        return self.amount * _LONGEST[self.unit]


Term = Period | Word


def compare(one: Term, other: Term) -> int | None:
    """-1, 0 or 1 as ``one`` is shorter, equal or longer; None when that depends on the calendar.

    ``at once`` and ``session`` are shorter than any period; other words do not compare.
    """
    if one == other:
        return 0
    rank = {Word.AT_ONCE: 0, Word.SESSION: 1}
    if isinstance(one, Word) or isinstance(other, Word):
        left = rank.get(one) if isinstance(one, Word) else 2
        right = rank.get(other) if isinstance(other, Word) else 2
        return None if left is None or right is None else _order(left, right)
    left_months, right_months = _months(one), _months(other)
    if left_months is not None and right_months is not None:
        return _order(left_months, right_months)
    if one.unit == other.unit:
        return _order(one.amount, other.amount)
    if (one.unit in _LITERAL) != (other.unit in _LITERAL):
        return _moments_to_days(one, other)
    if one.shortest_days > other.longest_days:
        return 1
    if one.longest_days < other.shortest_days:
        return -1
    if one.shortest_days == one.longest_days == other.shortest_days == other.longest_days:
        return 0
    return None


def _order(one: int, other: int) -> int:
    return (one > other) - (one < other)


def _moments_to_days(one: Period, other: Period) -> int | None:
    """Hours against days: a period of days runs on to the end of its last day."""
    if other.unit in _LITERAL:
        reverse = _moments_to_days(other, one)
        return None if reverse is None else -reverse
    if one.longest_days <= other.shortest_days - _CLOCK_CHANGE:
        return -1
    return 1 if one.shortest_days >= other.longest_days + 1 + _CLOCK_CHANGE else None


def _months(period: Period) -> int | None:
    if period.unit is Unit.YEAR:
        return period.amount * 12
    return period.amount if period.unit is Unit.MONTH else None


def parse(text: str) -> Period:
    """Read ``"3 months"``. Raises BadPeriodError with a remedy."""
    found = _PERIOD.fullmatch(text.strip())
    if found is None:
        raise BadPeriodError(_what_is_wrong(text))
    period = Period(int(found[1]), Unit(found[2]))
    if period.amount == 0:
        raise BadPeriodError(f'"{text}" is no time at all; write a number from 1 upwards')
    if period.shortest_days > LONGEST_YEARS * 366:
        raise BadPeriodError(f'"{text}" is longer than {LONGEST_YEARS} years')
    return period


def parse_term(text: str, *, words: frozenset[Word] = frozenset()) -> Term:
    """Read a period, or one of ``words``. Raises BadPeriodError with a remedy."""
    for word in words:
        if text == word.value:
            return word
    try:
        return parse(text)
    except BadPeriodError as problem:
        if not words:
            raise
        allowed = ", ".join(f'"{word}"' for word in sorted(words))
        raise BadPeriodError(f"{problem}, or {allowed}") from None


def _what_is_wrong(text: str) -> str:
    stripped = text.strip()
    example = 'write a number and a unit, like "14 days"'
    if not stripped:
        return f"the term is empty; {example}"
    if re.search(r"[0-9]", stripped) is None:
        return f'a term without a number: "{text}"; {example}'
    number = _NEARLY.match(stripped)
    if number is None:
        return f'"{text}" is not a period; {example}'
    amount, working, unit = number[1], "working " if number[2] else "", number[3].lower()
    shorts = {"d": "day", "w": "week", "m": "month", "mo": "month", "y": "year", "h": "hour"}
    base = shorts.get(unit, unit.rstrip("s"))
    if base not in {name.rstrip("s") for name in _UNIT_NAMES} | {"minute"}:
        return (
            f'"{text}" has no unit that is known; '
            "use minutes, hours, days, working days, weeks, months or years"
        )
    plural = "" if amount == "1" else "s"
    return f'"{text}" is not a period; write "{amount} {working}{base}{plural}"'


# ---- the calendar ----


@cache
def _holidays(calendar: str) -> tuple[frozenset[date], int, int]:
    tables: dict[str, dict[str, list[str]]] = json.loads(
        (Path(__file__).parent / "calendars.json").read_text(encoding="utf-8")
    )
    if calendar not in tables:
        raise OutsideCalendarError(
            f'there is no working-day table for "{calendar}"; known are {", ".join(tables)}'
        )
    years = tables[calendar]
    days = frozenset(
        date.fromisoformat(f"{year}-{month_day}")
        for year, month_days in years.items()
        for month_day in month_days
    )
    numbers = [int(year) for year in years]
    return days, min(numbers), max(numbers)


def is_working_day(day: date, calendar: str) -> bool:
    """Whether offices work on that day in ``EE``, ``LT``, ``LV`` or ``SE``.

    Raises OutsideCalendarError before 2014, after 2040, and for other countries.
    """
    holidays, first, last = _holidays(calendar)
    if not first <= day.year <= last:
        raise OutsideCalendarError(
            f"the working days of {calendar} are known from {first} to {last}, not for {day:%Y}"
        )
    return day.weekday() < 5 and day not in holidays


def next_working_day(day: date, calendar: str) -> date:
    """The day itself when it is a working day, else the first one after it."""
    while not is_working_day(day, calendar):
        day += timedelta(days=1)
    return day


def midnight_after(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after a local day, as UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def last_day(first: date, period: Period, calendar: str = "") -> date:
    """The last day of a period that began on the day ``first``, which itself is not counted.

    Months and years are counted from ``first`` at once and end on the last day of a month that
    lacks the day. ``calendar`` is needed for working days. Regulation 1182/71, Art. 3(1), (2)(c).
    """
    match period.unit:
        case Unit.DAY:
            return first + timedelta(days=period.amount)
        case Unit.WEEK:
            return first + timedelta(weeks=period.amount)
        case Unit.MONTH:
            return _add_months(first, period.amount)
        case Unit.YEAR:
            return _add_months(first, 12 * period.amount)
        case Unit.WORKING_DAY:
            return _add_working_days(first, period.amount, calendar)
        case Unit.HOUR | Unit.MINUTE:
            raise BadPeriodError(f'"{period}" is counted in moments, not in days')


def _add_months(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def _add_working_days(first: date, amount: int, calendar: str) -> date:
    day = first
    for _ in range(amount):
        day = next_working_day(day + timedelta(days=1), calendar)
    return day


def due(anchor: datetime, period: Period, zone: ZoneInfo, calendar: str = "") -> datetime:
    """The moment at which a period ends that began at ``anchor``, as UTC.

    That is the midnight after its last day in ``zone``: what is kept 14 days is there through the
    whole fourteenth day. Hours and minutes are literal. Never rolls over weekends. ``anchor`` has
    an offset; ``calendar`` is needed for working days only.
    """
    if anchor.tzinfo is None:
        raise ValueError("a moment without an offset cannot be counted from")
    if period.unit in _LITERAL:
        return anchor.astimezone(UTC) + period.amount * _LITERAL[period.unit]
    return midnight_after(last_day(anchor.astimezone(zone).date(), period, calendar), zone)


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when somebody must act: what we aim at, and what the law allows."""

    target_on: date
    """The last day of the term itself, in the tenant's zone."""
    limit_on: date
    """The last day that is still in time: the same, or the next working day."""
    target: datetime
    """The first moment after ``target_on``, as UTC."""
    limit: datetime
    """The first moment after ``limit_on``, as UTC; from then on it is late."""


def deadline(anchor: datetime, period: Period, zone: ZoneInfo, calendar: str) -> Deadline:
    """By when to act on something that came at ``anchor`` (Regulation 1182/71, Art. 3(4)).

    A term that ends on a weekend or holiday may legally be kept on the next working day; the target
    stays where it is. Terms in hours and minutes never roll.
    """
    target = due(anchor, period, zone, calendar)
    if period.unit in _LITERAL:
        on = target.astimezone(zone).date()
        return Deadline(on, on, target, target)
    target_on = last_day(anchor.astimezone(zone).date(), period, calendar)
    limit_on = next_working_day(target_on, calendar)
    return Deadline(target_on, limit_on, target, midnight_after(limit_on, zone))
